import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Logger } from '../../observability/logger.ts';
import type { Database } from '../../store/database.ts';
import { createRateLimitClient, RATE_LIMIT_TABLE } from '../../store/rate-limit-client.ts';
import { type CircuitTimings, createCircuit } from './circuit.ts';
import type { LimitStore } from './rate-limit.ts';
import { createSharedLimit, toStoreOptions } from './shared-limit.ts';

/** Limits shared by all nodes on one database, at the price of a round trip for each request. */
export function createPostgresStore(
  database: Pick<Database, 'query'>,
  log: Logger,
  timings?: Partial<CircuitTimings>,
): LimitStore {
  const client = createRateLimitClient({ database });
  const circuit = createCircuit({ ...timings, log });
  return {
    createLimit: (window) => {
      const limiter = new RateLimiterPostgres({
        ...toStoreOptions(window),
        storeClient: client,
        storeType: 'client',
        tableName: RATE_LIMIT_TABLE,
        tableCreated: true,
        clearExpiredByTimeout: false,
      });
      return createSharedLimit(limiter, window, circuit);
    },
    [Symbol.asyncDispose]: async () => client[Symbol.dispose](),
  };
}
