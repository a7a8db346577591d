import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantReach, migrate, toLogin } from '../../src/store/migrate.ts';
import { REACH_ROLES } from '../../src/store/scope.ts';
import { withLogin } from '../support/connection-url.ts';
import { createBlankDatabase, createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';

let database: TestDatabase;

function query<Row extends object>(url: string, sql: string): Promise<readonly Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(sql)).rows);
}

describe('grantReach', () => {
  const login = { name: `o'hara "${randomBytes(4).toString('hex')}" $$`, password: `it's; "quoted" \\ $$` };
  const quoted = `"${login.name.replaceAll('"', '""')}"`;
  const signInUrl = () =>
    withLogin(database.ownerUrl, {
      name: encodeURIComponent(login.name),
      password: encodeURIComponent(login.password),
    });

  // A copy of the one that `migrate` has filled at the beginning of the run (global-setup.ts).
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await query(database.ownerUrl, `drop owned by ${quoted}; drop role ${quoted}`);
    await database.drop();
  });

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

  beforeEach(async () => {
    database = await createBlankDatabase();
  });
  afterEach(() => database.drop());

  it('migrates and grants with CREATEROLE alone', async () => {
    const name = new URL(database.ownerUrl).pathname.slice(1);
    await query(
      database.ownerUrl,
      `create role ${owner.name} login createrole password '${owner.password}'; alter database ${name} owner to ${owner.name};
       ${(await hasReaches()) ? `grant ${REACH_ROLES.join(', ')} to ${owner.name} with admin option` : ''}`,
    );
    const ownerUrl = withLogin(database.ownerUrl, owner);
    try {
      await migrate({ ownerUrl });
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
