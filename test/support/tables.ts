import { expect } from 'vitest';
import type { TestDatabase } from './database.ts';
import type { Product } from './product.ts';

type Write = { readonly id: string; readonly table: string; readonly operation: string; readonly row: object | null };

// Every table has the triggers, those of modules too. A write is recorded in its own transaction, so that one that was
// rolled back leaves none. How far a background job has come with an outbox entry is no write of a test.
const WATCH = `
  create schema if not exists watch;
  create table if not exists watch.writes (
    id bigint generated always as identity, "table" text, operation text, row jsonb
  );
  create or replace function watch.record() returns trigger language plpgsql security definer set search_path = '' as $$
  begin
    insert into watch.writes ("table", operation, row)
    values (tg_table_name, tg_op, case tg_op when 'TRUNCATE' then null when 'DELETE' then to_jsonb(old) else to_jsonb(new) end);
    return null;
  end $$;
  do $$
  declare name text;
  begin
    for name in select tablename from pg_tables where schemaname = 'public' loop
      execute format('create trigger watch_truncate after truncate on public.%I execute function watch.record()', name);
      if name = 'outbox' then
        create trigger watch_rows after insert or delete or update of id, user_id, username, kind, detail, created_at
          on public.outbox for each row execute function watch.record();
      else
        execute format('create trigger watch_rows after insert or delete or update on public.%I
          for each row execute function watch.record()', name);
      end if;
    end loop;
  end $$`;

const LAST = `select coalesce(max(id), 0) as id from watch.writes`;
const SINCE = `select id, "table", operation, row from watch.writes where id > $1 order by id`;
const TABLES = `select array_agg(tablename order by tablename) as names from pg_tables where schemaname = 'public'`;

const watched = new WeakMap<TestDatabase, Promise<unknown>>();

/** What `act` gives, once no row of any table was found to be written meanwhile. */
export async function withoutWriting<Result>(product: Product, act: () => Promise<Result>): Promise<Result> {
  const { sql, database } = product;
  const watching = watched.get(database) ?? sql(WATCH);
  watched.set(database, watching);
  await watching;
  const [before] = await sql<{ id: string }>(LAST);
  const [tables] = await sql(TABLES);
  const result = await act();
  expect(await sql<Write>(SINCE, [before?.id])).toEqual([]);
  expect(await sql(TABLES)).toEqual([tables]);
  return result;
}
