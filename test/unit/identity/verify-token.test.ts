import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createClientRegistry } from '../../../src/identity/client-registry.ts';
import { toKeys } from '../../../src/identity/fetch-keys.ts';
import { createKeySet } from '../../../src/identity/key-set.ts';
import { createTokenVerifier, InvalidTokenError } from '../../../src/identity/verify-token.ts';

const POOL = 'eu-west-1_Pool';
const SUB = '0b8a1c3e-4f5d-4a6b-8c7d-9e0f1a2b3c4d';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const documentOf = (key: typeof publicKey) =>
  toKeys(Buffer.from(JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid: 'k' }] })));

function signed(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const body = `${encode({ alg: 'RS256', kid: 'k' })}.${encode(claims)}`;
  return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`;
}

async function world() {
  const state = { now: Date.now(), monotonic: 0, keys: documentOf(publicKey) };
  const keySet = createKeySet({
    url: 'http://unused.test',
    log: { info: () => {}, warn: () => {} },
    fetch: async () => state.keys,
    now: () => state.monotonic,
  });
  await keySet.assertReady();
  const clients = createClientRegistry([]);
  clients.replace([{ clientId: 'web', tenantId: null }]);
  const clock = () => state.now;
  const verify = createTokenVerifier({ userPoolId: POOL, keySet, clients, tenantClaim: 'tenant_id', clock });
  const seconds = Math.floor(state.now / 1000);
  const token = signed({
    sub: SUB,
    username: SUB,
    client_id: 'web',
    token_use: 'access',
    origin_jti: 'session',
    iss: `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`,
    iat: seconds,
    auth_time: seconds,
    exp: seconds + 3600,
  });
  return { state, keySet, clients, verify, token };
}

describe('a token that was verified before', () => {
  it('gives the very same principal', async () => {
    const { verify, token } = await world();
    expect(await verify(token)).toBe(await verify(token));
  });

  it('is refused once it has expired', async () => {
    const { state, verify, token } = await world();
    await verify(token);
    state.now += 3_600_000;
    await expect(verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('is refused once its client is no longer accepted', async () => {
    const { clients, verify, token } = await world();
    await verify(token);
    clients.replace([]);
    await expect(verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('is refused once its client is bound to a tenant it does not name', async () => {
    const { clients, verify, token } = await world();
    await verify(token);
    clients.replace([{ clientId: 'web', tenantId: SUB }]);
    await expect(verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('is refused once another key goes by the id of the one that signed it', async () => {
    const { state, keySet, verify, token } = await world();
    await verify(token);
    state.keys = documentOf(other);
    await keySet.cache.getJwk('', { header: { kid: 'unknown' }, payload: {} }).catch(() => undefined);
    await expect(verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('does not speak for the same claims under another signature', async () => {
    const { verify, token } = await world();
    await verify(token);
    const flipped = token.slice(0, -10) + (token.at(-10) === 'A' ? 'B' : 'A') + token.slice(-9);
    await expect(verify(flipped)).rejects.toThrow(InvalidTokenError);
  });
});

describe('every change of a single character', () => {
  it('makes a good token a bad one', async () => {
    const { verify, token } = await world();
    const accepted: number[] = [];
    for (let at = 0; at < token.length; at += 1) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      await verify(changed).then(
        () => accepted.push(at),
        () => undefined,
      );
    }
    expect(accepted).toEqual([]);
  });
});
