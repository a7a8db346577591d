import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createBlankDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { writeMigrations } from '../support/migrations.ts';
import { createStage, problemsAt, problemsOf, type Stage } from '../support/self-check.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const LOGIN = inject('suiteDatabase').login.name;

let database: TestDatabase;
let stage: Stage;
const problemsAfter = (change: string) => stage.problemsAfter(change);

beforeAll(async () => {
  database = await createTestDatabase();
  stage = createStage(database.ownerUrl, LOGIN);
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await database.drop();
});

describe('selfCheck', () => {
  it('passes for the login role on a migrated database', async () => {
    expect(await problemsAt(database.appUrl)).toEqual([]);
  });

  it('waits for a database that is slow to answer its first connections', async () => {
    await using proxy = await startTcpProxy(database.appUrl);
    proxy.freeze();
    const pool = new pg.Pool({ connectionString: proxy.url, max: 1, connectionTimeoutMillis: 250 });
    const attempts: unknown[] = [];
    const query: pg.Pool['query'] = pool.query.bind(pool);
    Object.assign(pool, {
      query: (...args: Parameters<typeof query>) => {
        attempts.push(args);
        if (attempts.length === 2) proxy.thaw();
        return query(...args);
      },
    });
    expect(await problemsOf(pool)).toEqual([]);
    expect(attempts.length).toBeGreaterThan(1);
    await pool.end();
  });

  it('asks for a migration of a database that has none, and for nothing else', async () => {
    const blank = await createBlankDatabase();
    expect(await problemsAt(blank.appUrl)).toEqual(['The database is not migrated: run "npm run migrate".']);
    await blank.drop();
  });

  it('names every migration of the checkout that the database lacks', async () => {
    const problems = await problemsAfter(`comment on table _prisma_migrations is '20261123000001_reach'`);
    expect(problems).toContain('The database lacks migration 20261123000000_tables: run "npm run migrate".');
    expect(problems).not.toContainEqual(expect.stringContaining('20261123000001_reach'));
  });

  it('names every migration of a module that the database lacks', async () => {
    await using folder = await writeMigrations({ '20200101000000_notes': '' });
    expect(await problemsAt(database.appUrl, [folder.path])).toEqual([
      'The database lacks migration 20200101000000_notes: run "npm run migrate".',
    ]);
  });

  it('takes a record it cannot read for none', async () => {
    expect(await problemsAfter('comment on table _prisma_migrations is null')).not.toEqual([]);
  });

  it('starts on a database migrated further, as while a release is rolled out', async () => {
    await using folder = await writeMigrations({ '29990101000000_later': '' });
    const further = await createTestDatabase([folder.path]);
    expect(await problemsAt(further.appUrl)).toEqual([]);
    await further.drop();
  });

  it('takes a table that came with an extension for none of its own', async () => {
    const asExtension = `create table of_extension (tenant_id uuid);
      insert into pg_depend select 'pg_class'::regclass, 'of_extension'::regclass, 0, 'pg_extension'::regclass, oid, 0, 'e' from pg_extension limit 1`;
    expect(await problemsAfter(asExtension)).toEqual([]);
  });

  it.each([
    ['a superuser as login', `alter role ${LOGIN} superuser`, /superuser or bypasses/],
    ['a login that bypasses row policies', `alter role ${LOGIN} bypassrls`, /superuser or bypasses/],
    ['a login that owns a table', `alter table tenants owner to ${LOGIN}`, /owns table "tenants"/],
    [
      'a login that can become the owner',
      `create role tenantry_owning; alter table tenants owner to tenantry_owning; grant tenantry_owning to ${LOGIN}`,
      /owns table "tenants" or can become its owner/,
    ],
    ['a login that inherits a reach', inheritReach(), /inherits "tenantry_tenant"/],
    ['a login with a grant of its own', `grant select on users to ${LOGIN}`, /rights of its own on "users"/],
    ['a grant on one column', `grant select (email) on users to ${LOGIN}`, /rights of its own on "users"/],
    ['a grant to everyone', 'grant select on users to public', /rights of its own on "users"/],
    ['a reach that is not there', 'alter role tenantry_self rename to other_self', /"tenantry_self" is missing/],
    ['a reach the login may not put on', `revoke tenantry_self from ${LOGIN}`, /may not put on "tenantry_self"/],
    ['a reach that is a superuser', 'alter role tenantry_tenant superuser', /"tenantry_tenant" is a superuser/],
    ['a reach that bypasses row policies', 'alter role tenantry_tenant bypassrls', /"tenantry_tenant" is a superuser/],
    ['a reach that may log in', 'alter role tenantry_tenant login', /"tenantry_tenant" is a superuser/],
    ['a reach within another', 'grant tenantry_system to tenantry_tenant', /"tenantry_tenant" .* is member of another/],
    [
      'a reach that may rewrite the record of migrations',
      'grant update on _prisma_migrations to tenantry_system',
      /"tenantry_system" may touch "_prisma_migrations"/,
    ],
    ['a table without row policies', 'create table notes (tenant_id uuid)', /"notes" is without forced row policies/],
    ['policies that spare the owner', 'alter table users no force row level security', /"users" is without forced/],
    ['policies switched off', 'alter table users disable row level security', /"users" is without forced/],
    [
      'a view that reads as its owner',
      'create view everyone as select * from users; grant select on everyone to tenantry_tenant',
      /"everyone" reads past row policies for "tenantry_tenant"/,
    ],
    [
      'a login that may enter schema public by itself',
      'grant usage on schema public to public',
      /may enter schema public by itself: revoke all on schema public from public/,
    ],
    [
      'a reach that may create tables',
      'grant create on schema public to tenantry_tenant',
      /"tenantry_tenant" may create in schema public: revoke create/,
    ],
    [
      'a reach that may empty a table past its policies',
      'grant truncate on users to tenantry_system',
      /"tenantry_system" may truncate or reference "users".*: revoke truncate, references, trigger on "users"/,
    ],
    [
      'a reach that may ask by foreign keys what others have',
      'grant references (id) on users to tenantry_tenant',
      /"tenantry_tenant" may truncate or reference "users"/,
    ],
    [
      'a function that lends a reach the rights of its owner',
      `create function everyone() returns setof users security definer language sql as 'select * from users'`,
      /"tenantry_tenant" may call public\.everyone\(\), which runs with the rights of its owner: make it security invoker/,
    ],
    [
      'a reach with rights where nothing is checked',
      `create schema aside; create table aside.notes (tenant_id uuid);
       grant usage on schema aside to tenantry_tenant; grant select on aside.notes to tenantry_tenant`,
      /"tenantry_tenant" has rights on aside\.notes, outside schema public/,
    ],
    [
      'a policy for every role',
      'create policy everyone on users using (true)',
      /"everyone" on "users" opens its rows to every role/,
    ],
    [
      'a policy that calls a volatile function of PostgreSQL',
      'create policy slow on users to tenantry_platform using (random() < 2)',
      /"slow" on "users" calls random\(\)/,
    ],
    [
      'a policy that calls a volatile function of ours, deep inside',
      `create function lookup() returns uuid language sql as 'select null::uuid';
       create policy slow on users to tenantry_platform with check ((select true from tenants t where t.id = lookup()))`,
      /"slow" on "users" calls public.lookup\(\)/,
    ],
  ])('refuses %s', async (_case, change, problem) => {
    const problems = await problemsAfter(change);
    expect(problems.join('\n')).toMatch(problem);
  });

  it('tells every problem in a line of its own', async () => {
    expect(await problemsAfter('create table one (); create table two ()')).toHaveLength(2);
  });

  it('lets a function pass that lends its rights to no reach', async () => {
    const asTrigger = `create function note() returns trigger security definer language plpgsql as 'begin return new; end';
      revoke execute on function note() from public`;
    expect(await problemsAfter(asTrigger)).toEqual([]);
  });

  it('lets a view pass that reads as its caller', async () => {
    const view =
      'create view mine with (security_invoker = on) as select * from users; grant select on mine to tenantry_self';
    expect(await problemsAfter(view)).toEqual([]);
  });
});

/** From PostgreSQL 16 on the grant says whether it inherits, before that the role. */
function inheritReach(): string {
  return `do $$ begin
    alter role ${LOGIN} inherit;
    if current_setting('server_version_num')::int >= 160000 then
      execute 'grant tenantry_tenant to ${LOGIN} with inherit true';
    end if;
  end $$`;
}
