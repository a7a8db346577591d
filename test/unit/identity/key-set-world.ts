import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { type Keys, toKeys } from '../../../src/identity/fetch-keys.ts';
import { createKeySet, type KeySetOptions } from '../../../src/identity/key-set.ts';

function toJwk(kid: string): JsonWebKey & { readonly kid: string } {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}

/** Keys as a pool publishes them, by these ids. */
export const FIRST = toJwk('first');
export const SECOND = toJwk('second');

export const documentOf = (...keys: object[]) => Buffer.from(JSON.stringify({ keys }));

export const fail = () => Promise.reject(new Error('down'));

/** What the pool answers, at which time of the key set's clock, and how often it was asked. */
export function aPool(options: Partial<KeySetOptions> = {}) {
  const state = { now: 0, fetches: 0, answer: async (): Promise<Keys> => toKeys(documentOf(FIRST)) };
  const fetch = () => {
    state.fetches += 1;
    return state.answer();
  };
  const log = { warn: () => {} };
  const open = () => createKeySet({ url: 'http://unused.test', log, fetch, now: () => state.now, ...options });
  return { state, open };
}
