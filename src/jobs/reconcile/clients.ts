import { audit } from '../../domain/audit.ts';
import { machineClientEvent } from '../../domain/machine-client/index.ts';
import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import type { UserPool } from '../../user-pool/user-pool.ts';

/** How the pool and the registry may differ about a machine client. */
export type ClientDifference =
  /** At the pool by our name for it, and not registered, or ended: nothing accepts its tokens. */
  | 'CLIENT_LEFT'
  /** Registered, and gone from the pool. */
  | 'CLIENT_GONE';

type Registered = { readonly clientId: string; readonly tenantId: string };

type ClientFinding = {
  readonly id: string;
  readonly difference: ClientDifference;
  readonly state: 'FOUND' | 'REPAIRED';
};

export type ClientOptions = {
  readonly database: Database;
  readonly userPool: UserPool;
  readonly apply: boolean;
  readonly graceMs: number;
  readonly onFinding: (finding: ClientFinding) => void;
};

const LIVE = {
  name: 'reconcile-machine-clients',
  text: `select client_id as "clientId", tenant_id as "tenantId" from app_clients
    where kind = 'MACHINE' and ended_at is null order by client_id`,
};

/** Compares the machine clients of the pool with those that are registered. */
export async function reconcileClients(options: ClientOptions): Promise<void> {
  const { database, userPool, apply, onFinding } = options;
  const tell = (id: string, difference: ClientDifference) =>
    onFinding({ id, difference, state: apply ? 'REPAIRED' : 'FOUND' });
  // The pool first: what is made meanwhile is made there before it is registered.
  const atPool = await userPool.listMachineClients();
  const registered = new Map(
    (await database.query<Registered>(SYSTEM, LIVE)).map((client) => [client.clientId, client]),
  );
  for (const id of atPool) {
    if (registered.has(id) || !(await isSettled(options, id))) continue;
    if (apply) await userPool.deleteClient(id);
    tell(id, 'CLIENT_LEFT');
  }
  const known = new Set(atPool);
  for (const client of registered.values()) {
    // The page may be older than the client.
    if (known.has(client.clientId) || (await userPool.findClientCreation(client.clientId)) !== null) continue;
    if (apply) await endClient(database, client);
    tell(client.clientId, 'CLIENT_GONE');
  }
}

// One that was made just now is about to be registered.
async function isSettled({ userPool, graceMs }: ClientOptions, id: string): Promise<boolean> {
  const createdAt = await userPool.findClientCreation(id);
  return createdAt !== null && Date.now() - createdAt.getTime() >= graceMs;
}

function endClient(database: Database, { clientId, tenantId }: Registered): Promise<void> {
  return database.transaction(SYSTEM, async (tx) => {
    const { count } = await tx.appClient.updateMany({
      where: { clientId, endedAt: null },
      data: { endedAt: new Date() },
    });
    if (count === 1) await audit(tx, 'system', machineClientEvent('delete', tenantId, clientId, {}));
  });
}
