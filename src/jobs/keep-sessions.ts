import type { SessionBook } from '../domain/session-book.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import { repeat } from './repeat.ts';

export type KeepSessionsOptions = {
  readonly database: Database;
  readonly sessions: SessionBook;
  readonly everyMs: number;
  readonly log: Logger;
};

/** Keeps the sessions that are seen, aside from the requests they were seen by, and what is left of them at the end. */
export function keepSessions({ database, sessions, everyMs, log }: KeepSessionsOptions): AsyncDisposable {
  const jobs = new AsyncDisposableStack();
  jobs.defer(() => sessions.flush(database).catch(() => undefined));
  jobs.use(
    repeat({ name: 'keeping of sessions', intervalMs: everyMs, delayMs: everyMs, log }, () => sessions.flush(database)),
  );
  return jobs;
}
