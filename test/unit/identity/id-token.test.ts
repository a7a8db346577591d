import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toPrincipal } from '../../../src/identity/claims.ts';
import { createIdTokenVerifier, type IdTokenVerifier } from '../../../src/identity/id-token.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { HOSTILE_TOKENS } from '../../property/hostile-tokens.ts';
import { createForge, type Forge } from './forge.ts';
import { openVerifier, type Surroundings } from './verifier.ts';

/** What is wrong with an access token alone, and is no claim of an ID token. */
const NOT_OF_ID_TOKENS = [
  'no username',
  'a username null',
  'client_id in aud alone',
  'a scope in a list',
  'a scope with a tab',
  'token_use id',
  // An attribute of the user, which ID tokens carry as it stands. No tag is made of it.
  'two tenants',
];

const forge = createForge();
const accessClaims = forge.userClaims();

/** The same sign-in's ID token: `aud` where the access token has `client_id`. */
const toIdClaims = (changes: Record<string, unknown> = {}) => {
  const {
    client_id: aud,
    username: _,
    scope: __,
    ...claims
  }: Record<string, unknown> = {
    ...accessClaims,
    token_use: 'id',
    ...changes,
  };
  return { aud, ...claims };
};
// Each is made as for access tokens, and would be a good ID token but for that.
const idForge: Forge = { ...forge, userClaims: (changes) => toIdClaims({ ...changes }) };
const sign = (changes?: Record<string, unknown>) => forge.sign(toIdClaims(changes));

let state: Surroundings;
let verifier: IdTokenVerifier;
let caller: Principal;
beforeAll(async () => {
  const opened = await openVerifier(forge);
  state = opened.state;
  verifier = createIdTokenVerifier({
    userPoolId: forge.poolId,
    keySet: opened.keySet,
    tenantClaim: 'tenant_id',
    maxTokenLength: 8192,
    clock: () => state.now,
  });
  caller = toPrincipal(accessClaims, 'tenant_id', state.now);
});
beforeEach(() => {
  state.now = Date.now();
});

const refusal = (token: string, whose = caller) =>
  verifier.verify(token, whose).then(
    () => null,
    (error: Error) => error.name,
  );

describe('an ID token', () => {
  it('of the same sign-in is good', async () => {
    expect(await refusal(sign())).toBeNull();
  });

  it.each(HOSTILE_TOKENS.filter(([name]) => !NOT_OF_ID_TOKENS.includes(name)))(
    'with %s is refused',
    async (_, make) => {
      expect(await refusal(make(idForge))).toBe('InvalidTokenError');
    },
  );

  it.each(NOT_OF_ID_TOKENS)('is no concern of: %s', (name) => {
    expect(HOSTILE_TOKENS.map(([known]) => known)).toContain(name);
  });

  it.each([
    ['sub', { sub: randomUUID() }],
    ['origin_jti', { origin_jti: randomUUID() }],
    ['aud', { aud: 'another' }],
    ['tenant', { tenant_id: randomUUID() }],
    ['tenant in capitals', { tenant_id: 'ABCDEFAB-CDEF-4BCD-8FAB-ABCDEFABCDEF' }],
    ['role', { tenant_role: 'ADMIN' }],
    ['version of the membership', { membership_version: 2 }],
    ['groups, one more', { 'cognito:groups': ['Users', 'TenantMembers', 'Admins'] }],
    ['groups, one less', { 'cognito:groups': ['TenantMembers'] }],
  ])('of another %s is refused', async (_, changes) => {
    expect(await refusal(sign(changes))).toBe('InvalidTokenError');
  });

  it('is no ID token of a machine', async () => {
    const machine = toPrincipal(forge.machineClaims(), 'tenant_id', state.now);
    expect(
      await refusal(forge.sign({ ...forge.machineClaims(), token_use: 'id', aud: 'web' }), machine),
    ).not.toBeNull();
  });

  it('is good until the second it expires', async () => {
    const token = sign();
    const exp = Number(accessClaims['exp']) * 1000;
    state.now = exp - 1;
    expect(await refusal(token)).toBeNull();
    state.now = exp;
    expect(await refusal(token)).toBe('InvalidTokenError');
  });

  it('is refused with any one byte of it changed', async () => {
    const token = sign();
    const changed = Array.from(
      token,
      (char, at) => token.slice(0, at) + (char === 'A' ? 'B' : 'A') + token.slice(at + 1),
    );
    const passed = await Promise.all(changed.map(async (other) => (await refusal(other)) === null));
    expect(passed.flatMap((isGood, at) => (isGood ? [at] : []))).toEqual([]);
  });

  it('is told in a text that holds nothing of it', async () => {
    const token = sign({ sub: 'hush-hush' });
    const message = await verifier.verify(token, caller).catch((error: Error) => error.message + String(error.cause));
    expect(message).not.toMatch(/hush|eyJ/);
  });
});
