import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import { SYSTEM } from '../store/scope.ts';
import { repeat } from './repeat.ts';

type Store = Pick<Database, 'query'>;

const INTERVAL_MS = 3_600_000;

const SESSIONS = {
  name: 'remove-ended-sessions',
  text: `delete from sessions where last_seen_at < current_timestamp - $1::bigint * interval '1 millisecond'`,
};
const BROWSER_SESSIONS = {
  name: 'remove-expired-browser-sessions',
  text: 'delete from browser_sessions where ends_at < current_timestamp',
};
const EXPIRED = { name: 'remove-expired-cutoffs', text: 'delete from cutoffs where ends_at < current_timestamp' };
// Nodes read what was written in the last minute; what has had a successor for longer is read by nobody.
const SUPERSEDED = {
  name: 'remove-superseded-cutoffs',
  text: `delete from cutoffs c using (
      select kind, of_tenant, of_user, name, max(id) as id from cutoffs where kind in ('ACCOUNT', 'TENANT', 'CLIENT')
      group by kind, of_tenant, of_user, name
    ) latest
    where c.kind = latest.kind and c.of_tenant is not distinct from latest.of_tenant
      and c.of_user is not distinct from latest.of_user and c.name is not distinct from latest.name
      and c.id < latest.id and c.at < current_timestamp - interval '10 minutes'`,
};

/** Removes sessions nobody can still be in after `sessionMaxMs` milliseconds, and cutoffs that end nothing any more. */
export async function removeEnded(database: Store, sessionMaxMs: number): Promise<void> {
  await database.query(SYSTEM, SESSIONS, [sessionMaxMs]);
  await database.query(SYSTEM, BROWSER_SESSIONS);
  await database.query(SYSTEM, EXPIRED);
  await database.query(SYSTEM, SUPERSEDED);
}

type RemovalOptions = { readonly database: Store; readonly sessionMaxMs: number; readonly log: Logger };

/** The same every hour. */
export function startRemoval({ database, sessionMaxMs, log }: RemovalOptions): AsyncDisposable {
  const times = { intervalMs: INTERVAL_MS, delayMs: INTERVAL_MS };
  return repeat({ name: 'removal of what has ended', ...times, log }, () => removeEnded(database, sessionMaxMs));
}
