import type { RateLimiterStoreAbstract } from 'rate-limiter-flexible';
import type { Circuit } from './circuit.ts';
import { createMemoryLimit } from './memory-limit.ts';
import { type LimitWindow, type RateLimit, toRateLimit } from './rate-limit.ts';

/** Counts where other nodes count too, and in this process while that place cannot be asked; never rejects. */
export function createSharedLimit(limiter: RateLimiterStoreAbstract, window: LimitWindow, circuit: Circuit): RateLimit {
  const shared = toRateLimit(limiter);
  const own = createMemoryLimit(window);
  return {
    take: (key) =>
      circuit.run(
        () => shared.take(key),
        () => own.take(key),
      ),
    giveBack: (key) =>
      circuit.run(
        () => shared.giveBack(key),
        () => own.giveBack(key),
      ),
  };
}

/** What every limit with a store is made with. Once over the limit, a key is refused from memory, without a round trip. */
export function toStoreOptions({ name, requests, seconds }: LimitWindow) {
  return { keyPrefix: name, points: requests, duration: seconds, inMemoryBlockOnConsumed: requests + 1 };
}
