import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { selfCheck } from '../../src/store/self-check.ts';
import { createBlankDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';

const LOGIN = inject('suiteDatabase').login.name;

let database: TestDatabase;
/** One connection, so that a change not committed is seen by the check and by nobody else. */
let owner: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** What the check says to the login role once `change` was made. Roles belong to the cluster, so nothing is committed. */
async function problemsAfter(change: string): Promise<readonly string[]> {
  await owner.query('begin');
  try {
    await owner.query(change);
    await owner.query(`set session authorization ${LOGIN}`);
    return await problemsOf(owner);
  } finally {
    await owner.query('rollback; reset session authorization');
  }
}

async function problemsOf(pool: pg.Pool): Promise<readonly string[]> {
  const outcome = await selfCheck(pool).then(
    () => '',
    (error: Error) => error.message,
  );
  return outcome === '' ? [] : outcome.split('\n');
}

async function onPool<T>(url: string, use: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

describe('selfCheck', () => {
  it('passes for the login role on a migrated database', async () => {
    expect(await onPool(database.appUrl, problemsOf)).toEqual([]);
  });

  it('asks for a migration of a database that has none, and for nothing else', async () => {
    const blank = await createBlankDatabase();
    expect(await onPool(blank.appUrl, problemsOf)).toEqual(['The database is not migrated: run "npm run migrate".']);
    await blank.drop();
  });

  it('refuses a database migrated less far than this checkout', async () => {
    const [problem] = await problemsAfter(`comment on table _prisma_migrations is '20200101000000_other'`);
    expect(problem).toMatch(/newest migration of the database is 20200101000000_other, older than \d+_/);
  });

  it('starts on a database migrated further, as while a release is rolled out', async () => {
    expect(await problemsAfter(`comment on table _prisma_migrations is '29990101000000_later'`)).toEqual([]);
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
      'a reach granted a tenant table without a policy',
      'grant select on app_clients to tenantry_tenant',
      /"app_clients" is granted to "tenantry_tenant" without a policy/,
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
