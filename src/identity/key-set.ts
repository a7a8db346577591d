import { setTimeout as sleep } from 'node:timers/promises';
import { KidNotFoundInJwksError } from 'aws-jwt-verify/error';
import type { JwksCache, JwkWithKid } from 'aws-jwt-verify/jwk';
import { unavailable } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { createFetchBudget } from './fetch-budget.ts';
import { fetchKeys, type Keys } from './fetch-keys.ts';

/** The pool's public keys: fetched in the background, never more often than the budget allows, whatever tokens ask for. */
export type KeySet = Disposable & {
  /** The seam aws-jwt-verify asks for a key at. */
  readonly cache: JwksCache;
  /** The key of this id, if the set of now has one that is not too old to be trusted. */
  find(keyId: string): JwkWithKid | undefined;
  /** Resolves once there are keys to be trusted; rejects while there are none. */
  assertReady(): Promise<void>;
};

export type KeySetOptions = {
  readonly url: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly fetch?: (url: string) => Promise<Keys>;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
  /** Milliseconds between two refreshes while all is well. */
  readonly refreshMs?: number;
};

/** How long keys stay good while the pool cannot be asked: as long as the longest token Cognito issues may live. */
const HARD_AGE_MS = 24 * 60 * 60 * 1000;
const REFRESH_MS = 10 * 60 * 1000;
const RETRY_MS = 5_000;
/** A set fetched this recently is complete: a key it lacks does not exist. */
const FRESH_MS = 10_000;

/**
 * Two fetches at once and one more each five seconds is all the pool is ever asked, at a thousand unknown key ids a second
 * too. Keys already known are never waited for; a refresh replaces the whole set, so a key the pool has withdrawn is gone.
 */
export function createKeySet(options: KeySetOptions): KeySet {
  const { url, log, fetch = fetchKeys, now = () => performance.now(), refreshMs = REFRESH_MS } = options;
  const budget = createFetchBudget({ burst: 2, intervalMs: RETRY_MS, now });
  const stopped = new AbortController();
  let keys: Keys = new Map();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<boolean> | null = null;

  const age = () => now() - fetchedAt;
  const find = (keyId: string) => (age() < HARD_AGE_MS ? keys.get(keyId) : undefined);

  /** True: the set is of now. False: it could not be fetched, or there was no budget to. Never two at once. */
  const refresh = (): Promise<boolean> => {
    underWay ??= budget.take() ? fetchNow().finally(() => (underWay = null)) : null;
    return underWay ?? Promise.resolve(false);
  };
  const fetchNow = async (): Promise<boolean> => {
    try {
      keys = await fetch(url);
      fetchedAt = now();
      return true;
    } catch (error) {
      log.warn({ err: error }, 'the key set could not be fetched');
      return false;
    }
  };
  const getKey = async (keyId: string): Promise<JwkWithKid> => {
    const known = find(keyId) ?? ((await refresh()) ? find(keyId) : undefined);
    if (known) return known;
    if (age() < FRESH_MS) throw new KidNotFoundInJwksError('kid: the key set has no such key');
    throw unavailable('key set: cannot be fetched');
  };

  void keepFresh(refresh, refreshMs, stopped.signal);
  return {
    cache: toCache(getKey),
    find,
    assertReady: async () => {
      if (age() >= HARD_AGE_MS && !(await refresh())) throw unavailable('key set: cannot be fetched');
    },
    [Symbol.dispose]: () => stopped.abort(),
  };
}

async function keepFresh(refresh: () => Promise<boolean>, refreshMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const waitMs = (await refresh()) ? refreshMs : RETRY_MS;
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

// Only `getJwk` is ever called: tokens are verified asynchronously, and nobody hands keys in from outside.
function toCache(getKey: (keyId: string) => Promise<JwkWithKid>): JwksCache {
  const refuse = () => {
    throw new Error('the key set is asked for single keys only');
  };
  return {
    getJwk: (_url, { header }) => getKey(header.kid ?? ''),
    getJwks: async () => refuse(),
    getCachedJwk: refuse,
    addJwks: refuse,
  };
}

/** Where Cognito publishes a pool's keys. */
export function toKeySetUrl(userPoolId: string): string {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'));
  return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}/.well-known/jwks.json`;
}
