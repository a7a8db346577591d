import { expect } from 'vitest';
import type { Product } from './product.ts';

// How far a job has come with what was written before is not written by anybody.
const COLUMNS: Readonly<Record<string, string>> = { outbox: 'id, user_id, username, kind, detail, created_at' };

async function readTables({ sql }: Product): Promise<Readonly<Record<string, readonly object[]>>> {
  const tables = await sql<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
  const rows = tables.map(
    async ({ name }) => [name, await sql(`select ${COLUMNS[name] ?? '*'} from ${name} t order by t::text`)] as const,
  );
  return Object.fromEntries(await Promise.all(rows));
}

/** What `act` gives, once every row of every table was found to be as before it. */
export async function withoutWriting<Result>(product: Product, act: () => Promise<Result>): Promise<Result> {
  const before = await readTables(product);
  const result = await act();
  expect(await readTables(product)).toEqual(before);
  return result;
}
