import type { SessionBook } from '../domain/session-book.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import { SYSTEM } from '../store/scope.ts';
import { repeat } from './repeat.ts';

export type KeepSessionsOptions = {
  readonly database: Database;
  readonly sessions: SessionBook;
  /** Milliseconds after which a session is over, whatever happens. */
  readonly sessionMaxMs: number;
  readonly everyMs: number;
  readonly log: Logger;
};

const REMOVE_MS = 3_600_000;

const REMOVE_OLD = {
  name: 'remove-old-sessions',
  text: `delete from sessions where last_seen_at < current_timestamp - $1::bigint * interval '1 millisecond'`,
};
const REMOVE_EXPIRED = {
  name: 'remove-expired-cutoffs',
  text: 'delete from cutoffs where ends_at < current_timestamp',
};
// Nodes read what was written in the last minute; what has had a successor for longer is read by nobody.
const REMOVE_SUPERSEDED = {
  name: 'remove-superseded-cutoffs',
  text: `delete from cutoffs c using (
      select kind, of_tenant, of_user, name, max(id) as id from cutoffs where kind in ('ACCOUNT', 'TENANT', 'CLIENT')
      group by kind, of_tenant, of_user, name
    ) latest
    where c.kind = latest.kind and c.of_tenant is not distinct from latest.of_tenant
      and c.of_user is not distinct from latest.of_user and c.name is not distinct from latest.name
      and c.id < latest.id and c.at < current_timestamp - interval '10 minutes'`,
};

/** Keeps the sessions that are seen, and removes what is over: of them, and of what ended them. */
export function keepSessions({ database, sessions, sessionMaxMs, everyMs, log }: KeepSessionsOptions): AsyncDisposable {
  const jobs = new AsyncDisposableStack();
  jobs.defer(() => sessions.flush(database).catch(() => undefined));
  jobs.use(
    repeat({ name: 'keeping of sessions', intervalMs: everyMs, delayMs: everyMs, log }, () => sessions.flush(database)),
  );
  jobs.use(
    repeat({ name: 'removal of sessions', intervalMs: REMOVE_MS, delayMs: REMOVE_MS, log }, async () => {
      await database.query(SYSTEM, REMOVE_OLD, [sessionMaxMs]);
      await database.query(SYSTEM, REMOVE_EXPIRED);
      await database.query(SYSTEM, REMOVE_SUPERSEDED);
    }),
  );
  return jobs;
}
