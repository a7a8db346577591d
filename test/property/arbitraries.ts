import fc from 'fast-check';
import type { Forge } from '../unit/identity/forge.ts';

/** One change of one member; undefined takes it out. */
export type Change = readonly [name: string, value: unknown];

const now = Math.floor(Date.now() / 1000);
// None so near that it comes to pass while the tests run.
const TIMES = [0, 59, 61, 3600, 86_400, 86_401].flatMap((away) => [now - away, now + away]);

const text = fc.oneof(
  fc.constantFrom('', ' ', 'access', 'id', 'Admins', 'TenantOwners', 'OWNER', '\0', '\ud800', 'a'.repeat(129)),
  fc.uuid(),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const anything = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(undefined, null, true, -1, 0.5, 2 ** 53, [], {}, ['a', 1]) },
  { weight: 3, arbitrary: fc.constantFrom(...TIMES) },
  { weight: 2, arbitrary: fc.array(text, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 9 }) },
);

const CLAIMS = (
  'sub iss aud exp iat nbf jti token_use client_id username origin_jti auth_time scope cognito:groups ' +
  'tenant_id custom:tenant_id tenant_role membership_version amr version acr x'
).split(' ');
const MEMBERS = 'alg kid typ cty crit b64 zip jku jwk x5c x'.split(' ');

const changesOf = (names: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc.tuple(fc.constantFrom(...names), value);

/** What a token says, as it is signed: mostly one or two steps away from a good one. */
export function toSaid(forge: Forge) {
  const kid = forge.jwks.keys[0]?.kid;
  const headerValue = fc.oneof(fc.constantFrom<unknown>('RS256', 'none', 'HS256', 'JWT', kid, undefined), anything);
  const apply = (base: object, changes: readonly Change[]) => ({ ...base, ...Object.fromEntries(changes) });
  return fc.record({
    header: fc
      .oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(changesOf(MEMBERS, headerValue), { maxLength: 2 }) },
      )
      .map((changes) => apply({ alg: 'RS256', kid }, changes)),
    claims: fc
      .tuple(fc.boolean(), fc.array(changesOf(CLAIMS, anything), { maxLength: 2 }))
      .map(([isUser, changes]) => apply(isUser ? forge.userClaims() : forge.machineClaims(), changes)),
  });
}

/** A text put somewhere into another. */
export const insertion = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  what: fc.oneof(
    fc.constantFrom(...' \n\t"\\,{}[]:0\u00a0\ufeff', '"a":1,', ',"a":1'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
  ),
});
