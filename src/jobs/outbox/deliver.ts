import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { Database } from '../../store/database.ts';
import type { Lane } from '../../user-pool/budget.ts';
import { toPauseMs } from '../../user-pool/persist.ts';
import type { PoolChange } from '../../user-pool/pool-change.ts';
import type { UserPool } from '../../user-pool/user-pool.ts';
import type { ChangeOutcome } from '../../user-pool/users.ts';
import { type Entry, endEntry, postponeEntry } from './entries.ts';

/** In milliseconds. */
export type DeliveryTimings = {
  /** One attempt is given up after this time. Shorter than an entry is claimed for (entries.ts). */
  readonly attemptMs: number;
  /** Between the first attempt and the second. Each later pause is twice as long. */
  readonly firstPauseMs: number;
  /** No pause is longer. */
  readonly longestPauseMs: number;
};

export const DELIVERY_TIMINGS: DeliveryTimings = { attemptMs: 8_000, firstPauseMs: 250, longestPauseMs: 600_000 };

/** What delivering takes. */
export type Courier = {
  readonly database: Pick<Database, 'query'>;
  readonly userPool: Pick<UserPool, 'findUser' | 'change'>;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'outboxAttempt' | 'watchOutbox'>;
  readonly timings: DeliveryTimings;
};

const OVERDUE_SECONDS = 3_600;

/**
 * Tells the pool one thing. Where that fails the entry stays, and its next attempt comes later each time, at last every ten
 * minutes, for as long as it takes. Throws only where not even that can be kept.
 */
export async function deliver(courier: Courier, entry: Entry, lane: Lane): Promise<void> {
  const { database, log, metrics, timings } = courier;
  const { id, userId, kind, attempts, ageSeconds } = entry;
  try {
    const outcome = await tell(courier, entry, lane);
    metrics.outboxAttempt(kind, outcome === 'DONE' ? 'done' : 'gone');
    await endEntry(database, entry, outcome);
  } catch (error) {
    metrics.outboxAttempt(kind, 'failed');
    const level = ageSeconds > OVERDUE_SECONDS ? 'error' : 'warn';
    log[level]({ err: error, entry: id, subject: userId, kind, attempts }, 'the pool could not be told');
    await postponeEntry(database, entry, toPauseMs(attempts, timings.firstPauseMs, timings.longestPauseMs));
  }
}

// A name may have gone to somebody else since, and he is not meant.
async function tell(
  { userPool, timings }: Courier,
  { userId, username, kind, detail }: Entry,
  lane: Lane,
): Promise<ChangeOutcome> {
  const signal = AbortSignal.timeout(timings.attemptMs);
  const user = await userPool.findUser(username, lane);
  if (user === null || user.attributes['sub'] !== userId) return 'USER_GONE';
  return userPool.change(username, toChange(kind, detail), { lane, signal });
}

// What tellPool wrote, within the bounds of the table's own check.
function toChange(kind: string, detail: string | null): PoolChange {
  return (detail === null ? { kind } : { kind, group: detail }) as PoolChange;
}
