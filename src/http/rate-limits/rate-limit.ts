import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

/** So many requests under one key in a fixed window that begins with the first: all at once, if need be. */
export type RateLimit = {
  /** Counts one more: null when it may pass, else the whole seconds after which the next one may. */
  take(key: string): Promise<number | null>;
  /** Takes back one that `take` counted. */
  giveBack(key: string): Promise<void>;
};

export type LimitWindow = {
  /** Keeps the counts of two limits apart in one store. */
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
};

/** Makes limits that count in one place. */
export type LimitStore = AsyncDisposable & { createLimit(window: LimitWindow): RateLimit };

/** Rejects when the limiter's store cannot be asked. */
export function toRateLimit(limiter: RateLimiterAbstract): RateLimit {
  return {
    take: (key) => limiter.consume(key).then(() => null, toWaitSeconds),
    giveBack: async (key) => {
      await limiter.reward(key);
    },
  };
}

function toWaitSeconds(rejection: unknown): number {
  if (!(rejection instanceof RateLimiterRes)) throw rejection;
  return Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
}
