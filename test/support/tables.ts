import { expect } from 'vitest';
import type { Product } from './product.ts';

async function readTables({ sql }: Product): Promise<Readonly<Record<string, readonly object[]>>> {
  const tables = await sql<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
  const rows = tables.map(async ({ name }) => [name, await sql(`select * from ${name} t order by t::text`)] as const);
  return Object.fromEntries(await Promise.all(rows));
}

/** What `act` gives, once every row of every table was found to be as before it. */
export async function withoutWriting<Result>(product: Product, act: () => Promise<Result>): Promise<Result> {
  const before = await readTables(product);
  const result = await act();
  expect(await readTables(product)).toEqual(before);
  return result;
}
