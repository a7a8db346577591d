import type { Database, Transaction } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import { deleteTenantRows, listTenantTables } from '../../store/tenant-tables.ts';
import { audit } from '../audit.ts';
import { tenantEvent } from './tenant-event.ts';

/** What one step removed. */
export type Purged = { readonly tenantId: string; readonly table: string; readonly removed: number };

type Remove = (tx: Transaction, tenantId: string) => Promise<number>;

/** Rows a step removes at most: a tenant of any size goes in steps that each end well within the time limit. */
const STEP_ROWS = 2_000;

const FIND_DUE = {
  name: 'find-tenant-to-purge',
  text: `select t.id from tenants t where t.purge_after <= now() and t.status = 'DELETING' order by t.purge_after, t.id limit 1`,
};

/**
 * Removes every tenant whose time of grace is over: its rows, table by table, and last the tenant itself. Each step is one
 * transaction with its audit event, and is told of once it is kept: a run that is cut off is gone on with by the next, and
 * what was removed adds up however often that happens. Of the tenant its audit trail stays. Where another node is at work
 * on the tenant, the tenant is left to that node: a table that was passed over would go with the tenant, without an audit
 * event.
 */
export async function purgeTenants(database: Database, tell: (purged: Purged) => void): Promise<void> {
  const tables = await listTenantTables(database);
  for (let tenantId = await findDue(database); tenantId !== null; tenantId = await findDue(database)) {
    if (!(await purgeTenant(database, tables, tenantId, tell))) return;
  }
}

/** False where another node is at work on the tenant, or it is no longer due. */
async function purgeTenant(
  database: Database,
  tables: readonly string[],
  tenantId: string,
  tell: (purged: Purged) => void,
): Promise<boolean> {
  for (const table of tables) {
    const remove: Remove = (tx, id) => deleteTenantRows(tx, table, id, STEP_ROWS);
    for (let removed: number | null = null; removed !== 0; ) {
      removed = await takeStep(database, tenantId, table, remove, tell);
      if (removed === null) return false;
    }
  }
  return (await takeStep(database, tenantId, 'tenants', removeTenant, tell)) !== null;
}

async function findDue(database: Database): Promise<string | null> {
  const [due] = await database.query<{ readonly id: string }>(SYSTEM, FIND_DUE);
  return due?.id ?? null;
}

const removeTenant: Remove = async (tx, id) => (await tx.tenant.deleteMany({ where: { id } })).count;

/** How many rows were removed; null where another node is at work on the tenant, or it is no longer due. */
async function takeStep(
  database: Database,
  tenantId: string,
  table: string,
  remove: Remove,
  tell: (purged: Purged) => void,
): Promise<number | null> {
  const removed = await database.transaction(SYSTEM, async (tx) => {
    if (!(await holdDue(tx, tenantId))) return null;
    const count = await remove(tx, tenantId);
    if (count > 0) await audit(tx, 'system', tenantEvent('tenant.purge', tenantId, { table, removed: count }));
    return count;
  });
  if (removed) tell({ tenantId, table, removed });
  return removed;
}

// Asked anew in each step, where nobody else can change it meanwhile.
async function holdDue(tx: Transaction, tenantId: string): Promise<boolean> {
  const due = await tx.$queryRaw<unknown[]>`select from tenants
    where id = ${tenantId}::uuid and status = 'DELETING' and purge_after <= now() for update skip locked`;
  return due.length === 1;
}
