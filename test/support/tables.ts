import type { Product } from './product.ts';

const TABLES = ['users', 'tenants', 'memberships', 'app_clients', 'audit_events'];

/** Every row of every table: what a refused call must leave as it was. */
export async function readTables({ sql }: Product): Promise<Readonly<Record<string, readonly object[]>>> {
  const rows = TABLES.map(async (table) => [table, await sql(`select * from ${table} t order by t::text`)] as const);
  return Object.fromEntries(await Promise.all(rows));
}
