import { describe, expect, it } from 'vitest';
import { InvalidTokenError } from '../../../src/identity/invalid-token.ts';
import { createForge } from './forge.ts';
import { openVerifier, refetch } from './verifier.ts';

const forge = createForge();
const claims = forge.userClaims();
const token = forge.sign(claims);
const EXPIRES_MS = Number(claims['exp']) * 1000;
const other = createForge();

async function openWithKnown() {
  const world = await openVerifier(forge);
  await world.verifier.verify(token);
  return world;
}

type World = Awaited<ReturnType<typeof openVerifier>>;

const CHANGES: readonly [string, (world: World) => unknown][] = [
  ['has expired this very second', ({ state }) => (state.now = EXPIRES_MS)],
  ['is of a client no longer accepted', ({ register }) => register()],
  [
    'is of a client since bound to a tenant it does not name',
    ({ register }) => register({ clientId: forge.clientId, tenantId: forge.subject }),
  ],
  [
    'was signed by a key that is withdrawn',
    async ({ state, keySet }) => {
      state.published = createForge({ kid: 'next' }).jwks;
      await refetch(keySet, state);
    },
  ],
  [
    'was signed by a key whose id another key goes by now',
    async ({ state, keySet }) => {
      state.published = other.jwks;
      await refetch(keySet, state);
    },
  ],
];

describe('a token that was verified before', () => {
  it('gives the very same principal', async () => {
    const { verifier } = await openVerifier(forge);
    expect(await verifier.verify(token)).toBe(await verifier.verify(token));
  });

  it.each(CHANGES)('is refused once it %s', async (_, change) => {
    const world = await openWithKnown();
    await change(world);
    await expect(world.verifier.verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('is good until the last millisecond before it expires', async () => {
    const { state, verifier } = await openWithKnown();
    state.now = EXPIRES_MS - 1;
    expect(await verifier.verify(token)).toMatchObject({ subject: forge.subject });
  });

  it('is good for a client since bound to the tenant it names', async () => {
    const { register, verifier } = await openWithKnown();
    register({ clientId: forge.clientId, tenantId: String(claims['tenant_id']) });
    expect(await verifier.verify(token)).toMatchObject({ subject: forge.subject });
  });

  it('does not speak for the same claims under another signature', async () => {
    const { verifier } = await openWithKnown();
    const flipped = token.slice(0, -10) + (token.at(-10) === 'A' ? 'B' : 'A') + token.slice(-9);
    await expect(verifier.verify(flipped)).rejects.toThrow(InvalidTokenError);
  });

  it('is not held for one signed by a key that came under the same id meanwhile', async () => {
    const { state, keySet, verifier } = await openVerifier(forge);
    const verified = verifier.verify(token);
    state.published = other.jwks;
    await Promise.all([verified, refetch(keySet, state)]);
    expect(verifier.isKnown(token)).toBe(false);
  });
});

describe('the longest token that is looked at', () => {
  it('is good, the first time and the second', async () => {
    const { verifier, outcomes } = await openVerifier(forge, token.length);
    await verifier.verify(token);
    await verifier.verify(token);
    expect(outcomes).toEqual(['verified', 'cached']);
  });

  it('is one character shorter than one that is refused', async () => {
    const { verifier } = await openVerifier(forge, token.length - 1);
    await expect(verifier.verify(token)).rejects.toThrow('token: too long');
  });
});

describe('isKnown', () => {
  it('says no of a token never seen', async () => {
    const { verifier } = await openVerifier(forge);
    expect(verifier.isKnown(token)).toBe(false);
  });

  it('says no of a token that was refused', async () => {
    const { verifier } = await openVerifier(forge);
    const forged = other.sign(forge.userClaims());
    await verifier.verify(forged).catch(() => undefined);
    expect(verifier.isKnown(forged)).toBe(false);
  });

  it('says yes of a token that was verified', async () => {
    const { verifier } = await openWithKnown();
    expect(verifier.isKnown(token)).toBe(true);
  });

  it.each(CHANGES)('says no of a token that %s', async (_, change) => {
    const world = await openWithKnown();
    await change(world);
    expect(world.verifier.isKnown(token)).toBe(false);
  });
});

describe('what comes of a token', () => {
  it('is told as verified the first time and cached the second', async () => {
    const { outcomes, verifier } = await openVerifier(forge);
    await verifier.verify(token);
    await verifier.verify(token);
    expect(outcomes).toEqual(['verified', 'cached']);
  });

  it('is told as refused when it is no credential', async () => {
    const { outcomes, verifier } = await openVerifier(forge);
    await verifier.verify('garbage').catch(() => undefined);
    expect(outcomes).toEqual(['refused']);
  });

  it('is told as unavailable when nobody can say', async () => {
    const { state, outcomes, verifier } = await openVerifier(forge);
    Object.assign(state, { published: null, monotonic: 24 * 3_600_000 });
    await verifier.verify(token).catch(() => undefined);
    expect(outcomes).toEqual(['unavailable']);
  });
});

describe('a refusal', () => {
  const SECRET = 'MySecretWord';
  const reasonOf = async (forged: string) => {
    const { verifier } = await openVerifier(forge);
    const error = await verifier.verify(forged).catch((reason: unknown) => reason);
    return error instanceof InvalidTokenError ? error : expect.fail('it was let in');
  };

  it.each([
    ['a claim', forge.sign(forge.userClaims({ exp: SECRET })), 'claims.exp: invalid_type'],
    [
      'a group',
      forge.sign(forge.userClaims({ 'cognito:groups': [[SECRET]] })),
      'claims.cognito:groups.0: invalid_type',
    ],
    ['an issuer', forge.sign(forge.userClaims({ iss: SECRET })), 'iss: not the user pool'],
    ['a tenant', forge.sign(forge.userClaims({ tenant_id: SECRET })), 'tenant_id: invalid_format'],
    ['a member of the header', forge.sign({}, { alg: 'RS256', kid: 'key', [SECRET]: 1 }), 'header: unrecognized_keys'],
    ['a text that is no JSON', forge.sign(`{"${SECRET}"`), 'json: malformed'],
    ['a key id', forge.sign(forge.userClaims(), { alg: 'RS256', kid: SECRET }), 'kid: not in the key set'],
    ['an app client', forge.sign(forge.userClaims({ client_id: SECRET })), 'client_id: not an accepted app client'],
    ['an expiry', forge.sign(forge.userClaims({ iat: 1, exp: 2, auth_time: 1, [SECRET]: 1 })), 'exp: past'],
    ['another key', other.sign(forge.userClaims({ [SECRET]: 1 })), 'aws-jwt-verify: JwtInvalidSignatureError'],
    ['an audience', forge.sign(forge.userClaims({ aud: { [SECRET]: 1 } })), 'aws-jwt-verify: JwtParseError'],
  ])('names the rule, and not what %s said', async (_, forged, rule) => {
    expect((await reasonOf(forged)).message).toBe(rule);
  });

  it('names the rule of a tenant that is not the bound one of the client', async () => {
    const { verifier, register } = await openVerifier(forge);
    register({ clientId: forge.clientId, tenantId: forge.subject });
    await expect(verifier.verify(token)).rejects.toThrow('client_id: bound to another tenant than the token names');
  });

  it('carries no other error, which might quote the token', async () => {
    expect((await reasonOf(forge.sign(`{"${SECRET}"`))).cause).toBeUndefined();
  });

  it('for what nobody foresaw names the kind of error alone', async () => {
    const { open, keySet } = await openVerifier(forge);
    const get = () => Promise.reject(new RangeError(SECRET));
    await expect(open({ ...keySet, get }).verify(token)).rejects.toEqual(
      new InvalidTokenError('token: unreadable, RangeError'),
    );
  });
});

describe('while the pool cannot be asked and no key is known', () => {
  const openWithout = async () => {
    const world = await openVerifier(forge);
    Object.assign(world.state, { published: null, monotonic: 24 * 3_600_000 });
    return world;
  };

  it('a token that may be good is not refused for good', async () => {
    const { verifier } = await openWithout();
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it.each([
    ['expired', { exp: Math.floor(Date.now() / 1000) - 1 }],
    ["of another pool's issuer", { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other' }],
    ['of a client nobody knows', { client_id: 'somebodyelses' }],
    ['an ID token', { token_use: 'id' }],
  ])('one that is %s is refused for good, whoever signed it', async (_, claims) => {
    const { verifier } = await openWithout();
    await expect(verifier.verify(forge.sign(forge.userClaims(claims)))).rejects.toThrow(InvalidTokenError);
  });
});
