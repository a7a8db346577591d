import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantReach, migrate, toLogin } from '../../src/store/migrate.ts';
import { REACH_ROLES } from '../../src/store/scope.ts';
import { withLogin } from '../support/connection-url.ts';
import { createBlankDatabase, type TestDatabase, withClient } from '../support/database.ts';

const CHECKOUT = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

let database: TestDatabase;
/** A copy of the checkout's migrations, to add to and to spoil. */
let migrationsDir: string;

beforeEach(async () => {
  database = await createBlankDatabase();
  migrationsDir = await mkdtemp(join(tmpdir(), 'migrations-'));
  await cp(CHECKOUT, migrationsDir, { recursive: true });
});

afterEach(async () => {
  await database.drop();
  await rm(migrationsDir, { recursive: true });
});

async function writeMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(migrationsDir, name), { recursive: true });
  await writeFile(join(migrationsDir, name, 'migration.sql'), sql);
}

function query<Row extends object>(url: string, sql: string): Promise<readonly Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(sql)).rows);
}

const run = () => migrate({ ownerUrl: database.ownerUrl, migrationsDir });

describe('migrate', () => {
  it('applies what is new and names it', async () => {
    const { applied } = await run();
    expect(applied.length).toBeGreaterThan(1);
    await writeMigration('99990101000000_notes', 'create table notes ();');
    expect(await run()).toEqual({ applied: ['99990101000000_notes'] });
  });

  it('applies nothing the second time', async () => {
    await run();
    expect(await run()).toEqual({ applied: [] });
  });

  it("leaves Prisma's own record, with the checksum of each file", async () => {
    const [first] = (await run()).applied;
    const file = await readFile(join(migrationsDir, first ?? '', 'migration.sql'));
    const [row] = await query(
      database.ownerUrl,
      'select migration_name, checksum, applied_steps_count, finished_at is not null as finished from _prisma_migrations order by 1',
    );
    expect(row).toEqual({
      migration_name: first,
      checksum: createHash('sha256').update(file).digest('hex'),
      applied_steps_count: 1,
      finished: true,
    });
  });

  it('keeps the body of a function whole', async () => {
    await writeMigration(
      '99990101000000_f',
      'create function f() returns int language plpgsql as $$ begin; return 7; end; $$;'.replace('begin;', 'begin'),
    );
    await run();
    expect(await query(database.ownerUrl, 'select f()')).toEqual([{ f: 7 }]);
  });

  it('lets two at once take turns', async () => {
    const [first, second] = await Promise.all([run(), run()]);
    const counts = [first.applied.length, second.applied.length].sort();
    expect(counts).toEqual([0, (await query(database.ownerUrl, 'select from _prisma_migrations')).length]);
  });

  it('tells which migration failed and why, in one line, and keeps nothing of it', async () => {
    await writeMigration('99990101000000_bad', 'create table half ();\nselect nowhere();');
    await expect(run()).rejects.toThrow(
      /^Migration 99990101000000_bad failed and was undone: function nowhere\(\) does not exist$/,
    );
    expect(await query(database.ownerUrl, `select to_regclass('public.half') as half`)).toEqual([{ half: null }]);
  });

  it('takes a failed migration again once it is mended', async () => {
    await writeMigration('99990101000000_bad', 'select nowhere();');
    await expect(run()).rejects.toThrow('99990101000000_bad');
    await writeMigration('99990101000000_bad', 'create table mended ();');
    expect(await run()).toEqual({ applied: ['99990101000000_bad'] });
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    const [first = ''] = (await run()).applied;
    await writeMigration(first, '-- nothing any more');
    await expect(run()).rejects.toThrow(/^Migration \S+ was edited after it had been applied[^\n]*$/);
  });

  it('refuses a database with a migration this checkout does not know', async () => {
    await writeMigration('99990101000000_newer', 'create table newer ();');
    await run();
    await rm(join(migrationsDir, '99990101000000_newer'), { recursive: true });
    await expect(run()).rejects.toThrow(/does not know \(99990101000000_newer\)/);
  });

  it('refuses to go on after a migration of which nobody knows how it ended', async () => {
    await run();
    await query(database.ownerUrl, 'update _prisma_migrations set finished_at = null');
    await expect(run()).rejects.toThrow(/was interrupted[^\n]*migrate resolve/);
  });

  it('tells of a database that is not there without telling the password', async () => {
    const refused = migrate({ ownerUrl: 'postgresql://owner:hush-hush@127.0.0.1:1/none' });
    await expect(refused).rejects.toThrow(/^The database could not be prepared: (?!.*hush)[^\n]*ECONNREFUSED[^\n]*$/);
  });
});

describe('grantReach', () => {
  const login = { name: `o'hara "${randomBytes(4).toString('hex')}" $$`, password: `it's; "quoted" \\ $$` };
  const quoted = `"${login.name.replaceAll('"', '""')}"`;
  const signInUrl = () =>
    withLogin(database.ownerUrl, {
      name: encodeURIComponent(login.name),
      password: encodeURIComponent(login.password),
    });

  beforeEach(run);
  afterEach(() => query(database.ownerUrl, `drop owned by ${quoted}; drop role ${quoted}`));

  it('creates a login that can put on every reach, inherits none and holds nothing else', async () => {
    await grantReach({ ownerUrl: database.ownerUrl, login });
    const [role] = await query(
      signInUrl(),
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit, rolcanlogin,
         array(select g.rolname::text from pg_roles g where pg_has_role(r.oid, g.oid, 'member') and g.oid <> r.oid order by 1) as may_be,
         array(select g.rolname::text from pg_roles g where pg_has_role(r.oid, g.oid, 'usage') and g.oid <> r.oid) as is
       from pg_roles r where rolname = current_user`,
    );
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolinherit: false,
      rolcanlogin: true,
      may_be: [...REACH_ROLES].sort(),
      is: [],
    });
  });

  it('leaves the login refused, not empty-handed, until it says its reach', async () => {
    await grantReach({ ownerUrl: database.ownerUrl, login });
    await expect(query(signInUrl(), 'select from public.users')).rejects.toThrow('permission denied for schema public');
    await withClient(signInUrl(), async (client) => {
      await client.query('set role tenantry_self');
      expect((await client.query('select from users')).rowCount).toBe(0);
    });
  });

  it('takes inheritance from a login that had it', async () => {
    await query(
      database.ownerUrl,
      `create role ${quoted} login inherit password ${"'x'"}; grant tenantry_system to ${quoted}`,
    );
    await grantReach({ ownerUrl: database.ownerUrl, login });
    const [inherits] = await query(
      database.ownerUrl,
      `select pg_has_role(oid, 'tenantry_system', 'usage') as inherits from pg_roles where rolname = '${login.name.replaceAll("'", "''")}'`,
    );
    expect(inherits).toEqual({ inherits: false });
  });

  it('may be repeated', async () => {
    await grantReach({ ownerUrl: database.ownerUrl, login });
    await expect(grantReach({ ownerUrl: database.ownerUrl, login })).resolves.toBeUndefined();
  });

  it('refuses a superuser as login', async () => {
    await query(database.ownerUrl, `create role ${quoted} superuser`);
    await expect(grantReach({ ownerUrl: database.ownerUrl, login })).rejects.toThrow('name a role of its own');
  });
});

describe('grantReach for an owner who is no superuser', () => {
  const suffix = randomBytes(4).toString('hex');
  const owner = { name: `tenantry_owner_${suffix}`, password: 'owner' };
  const login = { name: `tenantry_login_${suffix}`, password: 'login' };

  it('migrates and grants with CREATEROLE alone', async () => {
    const name = new URL(database.ownerUrl).pathname.slice(1);
    await query(
      database.ownerUrl,
      `create role ${owner.name} login createrole password '${owner.password}'; alter database ${name} owner to ${owner.name};
       ${(await hasReaches()) ? `grant ${REACH_ROLES.join(', ')} to ${owner.name} with admin option` : ''}`,
    );
    const ownerUrl = withLogin(database.ownerUrl, owner);
    try {
      await migrate({ ownerUrl, migrationsDir });
      await grantReach({ ownerUrl, login });
      const rows = await query(withLogin(ownerUrl, login), `select set_config('role', 'tenantry_tenant', false)`);
      expect(rows).toEqual([{ set_config: 'tenantry_tenant' }]);
    } finally {
      for (const role of [login.name, owner.name]) {
        await query(
          database.ownerUrl,
          `reassign owned by ${role} to current_user; drop owned by ${role} cascade; drop role ${role}`,
        );
      }
    }
  });

  const hasReaches = async () =>
    (await query(database.ownerUrl, `select from pg_roles where rolname = 'tenantry_self'`)).length > 0;
});

describe('toLogin', () => {
  it('reads name and password as a URL escapes them', () => {
    expect(toLogin('postgresql://o%27hara:p%40ss@host/db')).toEqual({ name: "o'hara", password: 'p@ss' });
  });

  it('refuses a URL that names nobody', () => {
    expect(() => toLogin('postgresql://host/db')).toThrow('names no user');
  });
});

describe('npm run migrate', () => {
  const cli = (environment: NodeJS.ProcessEnv, ...args: readonly string[]) => {
    const script = fileURLToPath(new URL('../../cli/migrate.ts', import.meta.url));
    return spawnSync(process.execPath, [script, ...args], { env: environment, encoding: 'utf8' });
  };

  it('prints what it applied and lets the login in', async () => {
    const { stdout, stderr, status } = cli({ DATABASE_OWNER_URL: database.ownerUrl, DATABASE_URL: database.appUrl });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^(applied \d+_\w+\n)+tenantry_test_app is ready to be the service's login role\n$/);
  });

  it('fails in one line, without a password', () => {
    const ownerUrl = 'postgresql://owner:hush-hush@127.0.0.1:1/none';
    const { stdout, stderr, status } = cli({ DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: database.appUrl });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/^(?!.*hush)The database could not be prepared: .*\n$/);
  });

  it('says which variables it needs', () => {
    const { stderr, status } = cli({});
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(/^Set DATABASE_OWNER_URL.*\n$/), status: 1 });
  });

  it('explains itself', () => {
    expect(cli({}, '--help').stdout).toMatch(/DATABASE_OWNER_URL {2}signs in as the owner/);
  });
});
