import type { AppClient, ClientRegistry } from '../identity/client-registry.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import { SYSTEM } from '../store/scope.ts';

const ALL = {
  name: 'list-app-clients',
  text: 'select client_id as "clientId", tenant_id as "tenantId" from app_clients where ended_at is null',
};
const INTERVAL_MS = 5_000;

export type RefreshOptions = {
  readonly database: Database;
  readonly clients: ClientRegistry;
  readonly log: Logger;
};

/** Reads the registered app clients now and every five seconds. Rejects when the first read fails. */
export async function refreshClients({ database, clients, log }: RefreshOptions): Promise<Disposable> {
  const refresh = async () => clients.replace(await database.query<AppClient>(SYSTEM, ALL));
  await refresh();
  const timer = setInterval(() => {
    // The clients known so far stay good until the store answers again.
    refresh().catch((error: unknown) => log.warn({ err: error }, 'app clients could not be refreshed'));
  }, INTERVAL_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
