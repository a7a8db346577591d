import { createPrivateKey, generateKeyPair, type JsonWebKey, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyRing, SigningKey } from './state/state.ts';

const generate = promisify(generateKeyPair);
const signBytes = promisify(sign);

/** Two new keys, as Cognito keeps them: ID tokens and access tokens are signed by different ones. */
export async function createKeyRing(): Promise<KeyRing> {
  const [access, id] = await Promise.all([createSigningKey(), createSigningKey()]);
  return { access, id, former: [] };
}

async function createSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  return { kid: randomBytes(32).toString('base64'), jwk: { ...privateKey.export({ format: 'jwk' }) } };
}

/** New signing keys. The old ones stay published, so their tokens stay good; `retire` drops them and every key before. */
export async function rotateKeyRing(ring: KeyRing, retire: boolean): Promise<KeyRing> {
  const next = await createKeyRing();
  return { ...next, former: retire ? [] : [ring.id, ring.access, ...ring.former] };
}

/** The public halves, in the form of a pool's `/.well-known/jwks.json`. */
export function toJwks(ring: KeyRing): { readonly keys: readonly Record<string, unknown>[] } {
  const published = [ring.id, ring.access, ...ring.former];
  return {
    keys: published.map(({ kid, jwk }) => ({ alg: 'RS256', e: jwk['e'], kid, kty: 'RSA', n: jwk['n'], use: 'sig' })),
  };
}

/**
 * A compact JWS, RFC 7515 §7.1. Signed by hand and not through a JWT library, because tests need the pool's real
 * signature under headers and claims that such a library refuses to sign.
 */
export async function signCompact(key: SigningKey, payload: object, header: object = {}): Promise<string> {
  const head = { kid: key.kid, alg: 'RS256', ...header };
  const input = [head, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const privateKey = createPrivateKey({ key: toJsonWebKey(key), format: 'jwk' });
  const signature = await signBytes('sha256', Buffer.from(input), privateKey);
  return `${input}.${signature.toString('base64url')}`;
}

/** `jwk` is an RSA key: this module made it, or node:crypto refuses it when it signs. */
function toJsonWebKey(key: SigningKey): JsonWebKey {
  return key.jwk as JsonWebKey;
}
