import { setTimeout as sleep } from 'node:timers/promises';
import type { JwksCache, JwkWithKid } from 'aws-jwt-verify/jwk';
import { unavailable } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { createFetchBudget } from './fetch-budget.ts';
import { fetchKeys, type Keys } from './fetch-keys.ts';
import { InvalidTokenError } from './invalid-token.ts';
import { createSharedRun } from './shared-run.ts';

/** The pool's public keys: fetched in the background, never more often than the budget allows, whatever tokens ask for. */
export type KeySet = Disposable & {
  /** The seam aws-jwt-verify asks for a key at. */
  readonly cache: JwksCache;
  /** The key of this id, if the set of now has one that is not too old to be trusted. */
  find(keyId: string): JwkWithKid | undefined;
  /**
   * The same, fetched if need be. Rejects with InvalidTokenError when there is no such key, and with AppError
   * SERVICE_UNAVAILABLE when nobody can say.
   */
  get(keyId: string): Promise<JwkWithKid>;
  /** Resolves once there are keys to be trusted; rejects while there are none. */
  assertReady(): Promise<void>;
  /** Seconds since the pool last gave its keys; null before it ever has. */
  ageSeconds(): number | null;
};

export type KeySetOptions = {
  readonly url: string;
  readonly log: Pick<Logger, 'warn'>;
  /** Keys to go by when the first fetch fails, until one is good; null for none. They age as fetched ones do. */
  readonly seed?: Keys | null;
  /** Told how each fetch ended. */
  readonly onFetch?: (outcome: 'ok' | 'failed') => void;
  readonly fetch?: typeof fetchKeys;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
  /** Those left out are as in KEY_SET_TIMINGS. */
  readonly timings?: Partial<KeySetTimings> | undefined;
};

/** In milliseconds. */
export type KeySetTimings = {
  /** Between two refreshes while the pool answers. */
  readonly refreshMs: number;
  /** Between a fetch that failed and the next, and between any two fetches once the first two are spent. */
  readonly retryMs: number;
  /** A fetch is given up after this time. */
  readonly fetchTimeoutMs: number;
};

export const KEY_SET_TIMINGS: KeySetTimings = { refreshMs: 10 * 60 * 1000, retryMs: 5_000, fetchTimeoutMs: 3_000 };

/** How long keys stay good while the pool cannot be asked: as long as the longest token Cognito issues may live. */
const HARD_AGE_MS = 24 * 60 * 60 * 1000;
/** A set fetched this recently is complete: a key it lacks does not exist. */
const FRESH_MS = 10_000;

type Held = {
  readonly keys: Keys;
  readonly since: number;
  /** What somebody put aside earlier may lack the newest key, so it is never fresh. */
  readonly isSeed: boolean;
};

/**
 * Two fetches at once and one more each five seconds is all the pool is ever asked, at a thousand unknown key ids a second
 * too. Keys already known are never waited for; a refresh replaces the whole set, so a key the pool has withdrawn is gone.
 */
export function createKeySet(options: KeySetOptions): KeySet {
  const { now = () => performance.now() } = options;
  const timings = { ...KEY_SET_TIMINGS, ...options.timings };
  const stopped = new AbortController();
  let held: Held | null = null;

  const isYounger = (ms: number) => held !== null && now() - held.since < ms;
  const find = (keyId: string) => (isYounger(HARD_AGE_MS) ? held?.keys.get(keyId) : undefined);
  const fetchNow = async () => {
    const keys = await fetchOrReport(options, timings);
    if (keys) held = { keys, since: now(), isSeed: false };
    else if (options.seed) held ??= { keys: options.seed, since: now(), isSeed: true };
    return keys !== null;
  };
  const refresh = createSharedRun(fetchNow, createFetchBudget({ burst: 2, intervalMs: timings.retryMs, now }));
  const get = async (keyId: string): Promise<JwkWithKid> => {
    if (!find(keyId)) await refresh();
    const key = find(keyId);
    if (key) return key;
    if (isYounger(FRESH_MS) && !held?.isSeed) throw new InvalidTokenError('kid: not in the key set');
    throw unavailable('key set: cannot be fetched');
  };

  void keepFresh(refresh, timings, stopped.signal);
  return {
    cache: toCache(get),
    find,
    get,
    assertReady: async () => {
      if (!isYounger(HARD_AGE_MS)) await refresh();
      if (!isYounger(HARD_AGE_MS)) throw unavailable('key set: cannot be fetched');
    },
    ageSeconds: () => (held === null || held.isSeed ? null : (now() - held.since) / 1000),
    [Symbol.dispose]: () => stopped.abort(),
  };
}

/** Null when there is no good answer; the log says why. */
async function fetchOrReport(
  { url, log, fetch = fetchKeys, onFetch = () => {} }: KeySetOptions,
  { fetchTimeoutMs }: KeySetTimings,
): Promise<Keys | null> {
  const keys = await fetch(url, fetchTimeoutMs).catch((error: unknown) => {
    log.warn({ err: error }, 'the key set could not be fetched');
    return null;
  });
  onFetch(keys ? 'ok' : 'failed');
  return keys;
}

async function keepFresh(
  refresh: () => Promise<boolean>,
  { refreshMs, retryMs }: KeySetTimings,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const waitMs = (await refresh()) ? refreshMs : retryMs;
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

// Only `getJwk` is ever called: tokens are verified asynchronously, and nobody hands keys in from outside.
function toCache(get: KeySet['get']): JwksCache {
  const refuse = () => {
    throw new Error('the key set is asked for single keys only');
  };
  return {
    getJwk: (_url, { header }) => get(header.kid ?? ''),
    getJwks: async () => refuse(),
    getCachedJwk: refuse,
    addJwks: refuse,
  };
}
