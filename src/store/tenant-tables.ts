import pg from 'pg';
import type { Database, Transaction } from './database.ts';
import { SYSTEM } from './scope.ts';

// The catalogs know the tables of modules too. What refers to another comes first, so that no row is ever missed by a key.
// The audit trail outlives its tenant.
const LIST = {
  name: 'list-tenant-tables',
  text: `
with recursive tenant_table as (
  select c.oid, c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname !~ '^audit_'
), reference as (
  select distinct k.conrelid as child, k.confrelid as parent
  from pg_constraint k join tenant_table child on child.oid = k.conrelid join tenant_table parent on parent.oid = k.confrelid
  where k.contype = 'f' and k.conrelid <> k.confrelid
), depth (oid, level) as (
  select oid, 0 from tenant_table
  union
  select r.child, d.level + 1 from depth d join reference r on r.parent = d.oid where d.level < 100
)
select t.relname::text as name from tenant_table t join depth d on d.oid = t.oid group by t.relname order by max(d.level) desc, t.relname`,
};

/** The tables that hold rows of tenants, each before those it refers to. Neither the tenants themselves nor the audit trail. */
export async function listTenantTables(database: Pick<Database, 'query'>): Promise<readonly string[]> {
  return (await database.query<{ readonly name: string }>(SYSTEM, LIST)).map(({ name }) => name);
}

/** Removes at most `limit` of a tenant's rows from one of its tables, and returns how many went. */
export function deleteTenantRows(tx: Transaction, table: string, tenantId: string, limit: number): Promise<number> {
  const name = pg.escapeIdentifier(table);
  const rows = `select t.ctid from ${name} t where t.tenant_id = $1::uuid limit $2`;
  return tx.$executeRawUnsafe(`delete from ${name} where ctid = any (array(${rows}))`, tenantId, limit);
}
