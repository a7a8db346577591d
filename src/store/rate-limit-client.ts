import type { Database } from './database.ts';
import { SYSTEM } from './scope.ts';
import type { Statement } from './scoped-query.ts';
import type { WireValue } from './wire-value.ts';

/** The table of prisma/migrations whose rows are the counts. */
export const RATE_LIMIT_TABLE = 'rate_limits';

/** What rate-limiter-flexible takes for a client of PostgreSQL: its statements run under the SYSTEM reach, in one round trip. */
export type RateLimitClient = Disposable & {
  query(
    statement: Statement & { readonly values: readonly WireValue[] },
  ): Promise<{ readonly rows: readonly object[] }>;
};

export type RateLimitClientOptions = {
  readonly database: Pick<Database, 'query'>;
  /** Milliseconds between two removals of counts that have run out. */
  readonly sweepMs?: number;
};

const DELETE_EXPIRED = {
  name: 'delete-expired-rate-limits',
  text: `delete from ${RATE_LIMIT_TABLE} where expire < $1`,
};
const SWEEP_MS = 60_000;
// Counts run out by the clock of the node that began them: another's may be ahead.
const CLOCK_SKEW_MS = 60_000;

export function createRateLimitClient({ database, sweepMs = SWEEP_MS }: RateLimitClientOptions): RateLimitClient {
  const sweep = () => database.query(SYSTEM, DELETE_EXPIRED, [Date.now() - CLOCK_SKEW_MS]);
  // What one removal misses the next one takes; a database that is gone is told of by those who count.
  const timer = setInterval(() => void sweep().catch(() => undefined), sweepMs);
  return {
    query: async ({ name, text, values }) => ({ rows: await database.query(SYSTEM, { name, text }, values) }),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
