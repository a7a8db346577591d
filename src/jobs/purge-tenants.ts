import { purgeTenants } from '../domain/tenant/index.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import { repeat } from './repeat.ts';

const INTERVAL_MS = 60_000;

/** Removes tenants whose time of grace is over, now and every minute. */
export function startPurge({ database, log }: { readonly database: Database; readonly log: Logger }): AsyncDisposable {
  return repeat({ name: 'purge of tenants', intervalMs: INTERVAL_MS, log }, () =>
    purgeTenants(database, (purged) => log.info({ purged }, 'purged')),
  );
}
