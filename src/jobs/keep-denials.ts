import { type DenialBook, keepDenials as keep } from '../domain/audit-trail/index.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import { repeat } from './repeat.ts';

export type KeepDenialsOptions = {
  readonly database: Database;
  readonly denials: DenialBook;
  readonly everyMs: number;
  readonly log: Logger;
};

/** Writes refusals to the audit trail aside from the requests they belong to, and what is left of them at the end. */
export function keepDenials({ database, denials, everyMs, log }: KeepDenialsOptions): AsyncDisposable {
  const keepDue = async (now: number) => {
    const { dropped } = await keep({ database, denials }, now);
    if (dropped > 0) log.warn({ dropped }, 'refusals found no room in memory and are missing in the audit trail');
  };
  const logLost = (error: unknown) =>
    log.warn({ err: error }, 'the last refusals could not be kept and are missing in the audit trail');
  const jobs = new AsyncDisposableStack();
  jobs.defer(() => keepDue(Number.POSITIVE_INFINITY).catch(logLost));
  jobs.use(
    repeat({ name: 'keeping of refusals', intervalMs: everyMs, delayMs: everyMs, log }, () => keepDue(Date.now())),
  );
  return jobs;
}
