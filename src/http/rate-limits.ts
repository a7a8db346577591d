import type { Quotas } from '../domain/quotas.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import type { CircuitTimings } from './rate-limits/circuit.ts';
import { createMemoryLimit } from './rate-limits/memory-limit.ts';
import { createPostgresStore } from './rate-limits/postgres-store.ts';
import type { LimitStore, RateLimit } from './rate-limits/rate-limit.ts';
import { openRedisStore } from './rate-limits/redis-store.ts';

export type RateLimitOptions = {
  /** Requests a minute of one user or machine, over all its tokens; null for no limit. */
  readonly callerPerMinute: number | null;
  /** Requests a minute of one address that carry no good token; null for no limit. */
  readonly addressPerMinute: number | null;
  /** Secrets one caller may try in vain in a minute: 10. It has no off. */
  readonly secretTriesPerMinute?: number;
  /** Where they are counted: in this process, in the database, or at this Redis URL. */
  readonly store: string;
};

export type LimitedBy = 'caller' | 'address';

export type RateLimitParts = {
  readonly database: Pick<Database, 'query'>;
  readonly log: Logger;
  /** Of the store that nodes share; those left out are as in CIRCUIT_TIMINGS. */
  readonly timings?: Partial<CircuitTimings> | undefined;
  /** Hears of every request that is answered 429. */
  readonly onLimited?: (by: LimitedBy) => void;
};

/** The limits there are; null where there is none. What the domain counts is counted always. */
export type RateLimits = AsyncDisposable & { readonly [By in LimitedBy]: RateLimit | null } & {
  readonly quotas: Quotas;
};

const WINDOW_SECONDS = 60;
const SECRET_TRIES = 10;
const MAILS = 10;
const MAILS_SECONDS = 3_600;
// They last an hour. All callers share the quota AWS gives an account, about 200 a second.
const LOANS = 20;

export async function createRateLimits(options: RateLimitOptions, parts: RateLimitParts): Promise<RateLimits> {
  const { callerPerMinute, addressPerMinute, secretTriesPerMinute = SECRET_TRIES } = options;
  const store = await openStore(options.store, parts);
  const createLimit = (name: LimitedBy, requests: number | null) => {
    if (requests === null) return null;
    return withNotice(store.createLimit({ name, requests, seconds: WINDOW_SECONDS }), () => parts.onLimited?.(name));
  };
  return {
    caller: createLimit('caller', callerPerMinute),
    address: createLimit('address', addressPerMinute),
    quotas: {
      secretTries: store.createLimit({ name: 'secret', requests: secretTriesPerMinute, seconds: WINDOW_SECONDS }),
      mails: store.createLimit({ name: 'mail', requests: MAILS, seconds: MAILS_SECONDS }),
      loans: store.createLimit({ name: 'loan', requests: LOANS, seconds: WINDOW_SECONDS }),
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function openStore(store: string, { database, log, timings }: RateLimitParts): Promise<LimitStore> {
  if (store === 'memory') return { createLimit: createMemoryLimit, [Symbol.asyncDispose]: async () => undefined };
  return store === 'postgres' ? createPostgresStore(database, log, timings) : openRedisStore(store, log, timings);
}

function withNotice(limit: RateLimit, notify: () => void): RateLimit {
  return {
    ...limit,
    take: async (key) => {
      const waitSeconds = await limit.take(key);
      if (waitSeconds !== null) notify();
      return waitSeconds;
    },
  };
}
