import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.ts';

/** A token whose signature has held once, and what must still be so for it to hold again. */
export type CachedToken = {
  readonly principal: Principal;
  /** The key that signed it; `modulus` tells it from a later key that goes by the same id. */
  readonly keyId: string;
  readonly modulus: string;
};

export type TokenCache = {
  get(token: string): CachedToken | undefined;
  set(token: string, entry: CachedToken): void;
};

/** Tokens remembered: some 30 MB of principals. The least recently used goes first. */
const MAX_TOKENS = 10_000;

/**
 * Remembers verified tokens under the SHA-256 of the whole compact token, signature included: another signature over the
 * same claims is another token. The token itself is not kept.
 */
export function createTokenCache(): TokenCache {
  const entries = new LRUCache<string, CachedToken>({ max: MAX_TOKENS });
  return {
    get: (token) => entries.get(toKey(token)),
    set: (token, entry) => {
      entries.set(toKey(token), entry);
    },
  };
}

function toKey(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
