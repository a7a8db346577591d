import type { Product } from '../../support/product.ts';

/** A row that was written: as it was, and as it is; null where it was not or is no more. */
export type Write = {
  readonly relation: string;
  readonly operation: string;
  readonly before: object | null;
  readonly after: object | null;
};

// Whoever writes, the owner notes it, in the same transaction: what was undone leaves no note. A replica fires no trigger
// and checks no foreign key, so putting back is neither noted nor refused.
const WATCH = `
  create schema watch;
  create table watch.writes (
    id bigint generated always as identity, relation text, operation text, before jsonb, after jsonb
  );

  create function watch.note() returns trigger language plpgsql security definer as $$
  begin
    insert into watch.writes (relation, operation, before, after)
    values (tg_table_name, tg_op, to_jsonb(old), to_jsonb(new));
    return null;
  end $$;

  create function watch.put_back() returns setof watch.writes
  language plpgsql set session_replication_role = replica as $$
  declare
    write watch.writes;
    removed bigint;
    name text;
  begin
    -- A job may be at work on what was written: it is waited for, and finds nothing afterwards.
    for name in select tablename from pg_tables where schemaname = 'public' order by 1 loop
      execute format('lock table public.%I in share row exclusive mode', name);
    end loop;
    for write in select * from watch.writes order by id desc loop
      if write.after is not null then
        execute format('delete from public.%I t where to_jsonb(t) = $1', write.relation) using write.after;
        get diagnostics removed = row_count;
        assert removed = 1, 'a row was written that cannot be put back';
      end if;
      if write.before is not null then
        execute format('insert into public.%1$I select (jsonb_populate_record(null::public.%1$I, $1)).*', write.relation)
        using write.before;
      end if;
      return next write;
    end loop;
    delete from watch.writes;
  end $$;

  do $$
  declare
    name text;
  begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'sessions' loop
      execute format('create trigger noted after insert or update or delete on public.%I
        for each row execute function watch.note()', name);
    end loop;
    -- That somebody was seen is kept whatever he asks for.
    create trigger noted after update of ended_at or delete on public.sessions
      for each row execute function watch.note();
  end $$;

  -- What is put back never was: no node may hear of it, by notification or by reading what is recent.
  alter table cutoffs disable trigger tell_cutoff, alter at set default '-infinity'`;

/** From here on notes every row that is written to any table. */
export async function watchWrites({ sql }: Product): Promise<void> {
  await sql(WATCH);
}

/** Puts every table back as it was, and returns what had been written since the last time. */
export function putBack({ sql }: Product): Promise<readonly Write[]> {
  return sql<Write>('select * from watch.put_back()');
}
