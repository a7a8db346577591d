import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type LimitWindow, type RateLimit, toRateLimit } from './rate-limit.ts';

/** Keys counted at once: some 25 MB. By itself the library keeps 500 bytes and a timer for every key until its window ends. */
const MAX_KEYS = 50_000;

/**
 * Counts in this process; never rejects. Past `maxKeys` the count longest not touched is forgotten: whoever comes from that
 * many addresses in a minute is no longer held by a limit on each of them, and memory stays bounded.
 */
export function createMemoryLimit({ name, requests, seconds }: LimitWindow, maxKeys = MAX_KEYS): RateLimit {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points: requests, duration: seconds });
  const limit = toRateLimit(limiter);
  const keys = new LRUCache<string, true>({
    max: maxKeys,
    dispose: (_, key, reason) => {
      if (reason === 'evict') void limiter.delete(key);
    },
  });
  return {
    take: (key) => {
      keys.set(key, true);
      return limit.take(key);
    },
    giveBack: async (key) => {
      if (keys.has(key)) await limit.giveBack(key);
    },
  };
}
