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

export type ClientRefresh = Disposable & {
  /** Resolves when what was registered before the call is known; also when it could not be read, which the log tells. */
  now(): Promise<void>;
};

/** Reads the registered app clients now and every five seconds. Rejects when the first read fails. */
export async function refreshClients({ database, clients, log }: RefreshOptions): Promise<ClientRefresh> {
  const read = async () => clients.replace(await database.query<AppClient>(SYSTEM, ALL));
  await read();
  let last = Promise.resolve();
  // One after another: an answer under way since before a change must not replace the one that tells of it.
  const now = () => {
    // The clients known so far stay good until the store answers again.
    last = last.then(read).catch((error: unknown) => log.warn({ err: error }, 'app clients could not be refreshed'));
    return last;
  };
  const timer = setInterval(now, INTERVAL_MS);
  return { now, [Symbol.dispose]: () => clearInterval(timer) };
}
