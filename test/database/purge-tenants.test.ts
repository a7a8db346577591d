import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projects } from '../../examples/projects/index.ts';
import { type Purged, purgeTenants } from '../../src/domain/tenant/index.ts';
import { toMigrationFolders } from '../../src/modules/join-modules.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { listTenantTables } from '../../src/store/tenant-tables.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PATIENT_DATABASE } from '../support/eventually.ts';
import { addMembership, addTenant } from '../support/people.ts';
import type { Product } from '../support/product.ts';

// A database without a server, whose own job would remove tenants too.
let home: TestDatabase & Pick<Product, 'sql'>;
let owner: pg.Pool;
let database: Database;

beforeAll(async () => {
  const created = await createTestDatabase(toMigrationFolders([projects]));
  owner = new pg.Pool({ connectionString: created.ownerUrl, max: 4 });
  home = { ...created, sql: async (text, values) => (await owner.query(text, values)).rows };
  database = createDatabase({ url: home.appUrl, poolSize: 4, preparedStatements: true, timings: PATIENT_DATABASE });
});
afterAll(async () => {
  await database.close();
  await owner.end();
  await home.drop();
});

const MEMBERS = 4_500;

async function addOwner(tenantId: string): Promise<string> {
  const sub = randomUUID();
  await home.sql(`insert into users (id, pool_id, username, display_name) values ($1, 'p', 'u', 'Somebody')`, [sub]);
  return addMembership(home, { sub, email: '' }, tenantId, 'OWNER');
}

/** A tenant whose time of grace is over, with members and rows of a module. */
async function addDue(): Promise<string> {
  const tenantId = await addTenant(home);
  const membershipId = await addOwner(tenantId);
  await home.sql(
    `with person as (
       insert into users (id, pool_id, username, display_name) select gen_random_uuid(), 'p', 'u', 'Somebody' from generate_series(2, $2::int) returning id)
     insert into memberships (id, tenant_id, user_id, role) select gen_random_uuid(), $1, id, 'MEMBER' from person`,
    [tenantId, MEMBERS],
  );
  await home.sql(
    `with project as (insert into projects (tenant_id, id, name, owner_id) values ($1, gen_random_uuid(), 'p', $2) returning id)
     insert into tasks (tenant_id, id, project_id, title) select $1, gen_random_uuid(), id, 't' from project, generate_series(1, 3)`,
    [tenantId, membershipId],
  );
  await home.sql(`update tenants set status = 'DELETING', purge_after = now() - interval '1 s' where id = $1`, [
    tenantId,
  ]);
  return tenantId;
}

async function purge(): Promise<readonly Purged[]> {
  const told: Purged[] = [];
  await purgeTenants(database, (purged) => told.push(purged));
  return told;
}

const sumUp = (steps: readonly Pick<Purged, 'table' | 'removed'>[]) => {
  const sums: Record<string, number> = {};
  for (const { table, removed } of steps) sums[table] = (sums[table] ?? 0) + removed;
  return sums;
};

const audited = async (tenantId: string) => {
  const events = await home.sql<{ changes: Purged }>(
    `select changes from audit_events where tenant_id = $1 and action = 'tenant.purge' order by id`,
    [tenantId],
  );
  return sumUp(events.map(({ changes }) => changes));
};

const rowsLeft = async (tenantId: string) => {
  const tables = await listTenantTables(database);
  const counts = tables.map((table) =>
    home.sql<{ left: number }>(`select count(*)::int as left from ${table} where tenant_id = $1`, [tenantId]),
  );
  const tenants = home.sql<{ left: number }>('select count(*)::int as left from tenants where id = $1', [tenantId]);
  return (await Promise.all([...counts, tenants])).map(([row]) => row?.left);
};

const REMOVED = { tasks: 3, projects: 1, memberships: MEMBERS, tenants: 1 };

describe('the tables of tenants', () => {
  it('are those of the core and of modules, each before what it refers to', async () => {
    const tables = await listTenantTables(database);
    expect(tables).toEqual(expect.arrayContaining(['tasks', 'projects', 'memberships', 'app_clients']));
    expect(tables.indexOf('tasks')).toBeLessThan(tables.indexOf('projects'));
    expect(tables.indexOf('projects')).toBeLessThan(tables.indexOf('memberships'));
    expect(tables).not.toContain('audit_events');
  });
});

describe('a tenant whose time of grace is over', () => {
  it('is removed with everything in it, and what went is told and audited by table', async () => {
    const tenantId = await addDue();
    const told = await purge();
    expect(sumUp(told)).toEqual(REMOVED);
    expect(told.map(({ tenantId: id }) => id)).toEqual(told.map(() => tenantId));
    expect(await audited(tenantId)).toEqual(REMOVED);
    expect((await rowsLeft(tenantId)).every((left) => left === 0)).toBe(true);
  });

  it('gives its slug free', async () => {
    const tenantId = await addDue();
    const [row] = await home.sql<{ slug: string }>('select slug from tenants where id = $1', [tenantId]);
    await purge();
    expect(await addTenant(home, row?.slug)).not.toBe(tenantId);
  });

  it('is removed once by two nodes at the same time, and what each says adds up', async () => {
    const tenantId = await addDue();
    await Promise.all([purge(), purge()]);
    await purge();
    expect(await audited(tenantId)).toEqual(REMOVED);
  });

  it('is left to the node that is at work on it, so that no table is passed over', async () => {
    const tenantId = await addDue();
    let isFirst = true;
    const heldOnce: Database = {
      ...database,
      transaction: async (scope, work) => {
        if (!isFirst) return database.transaction(scope, work);
        isFirst = false;
        const other = await owner.connect();
        await other.query('begin');
        await other.query('select from tenants where id = $1 for update', [tenantId]);
        const result = await database.transaction(scope, work);
        await other.query('rollback');
        other.release();
        return result;
      },
    };
    await purgeTenants(heldOnce, () => {});
    expect(await audited(tenantId)).toEqual({});
    await purge();
    expect(await audited(tenantId)).toEqual(REMOVED);
  });

  it('is gone on with where a run was cut off, and what was removed adds up', async () => {
    const tenantId = await addDue();
    let steps = 0;
    const cutOff = purgeTenants(database, () => {
      steps += 1;
      if (steps === 3) throw new Error('cut off');
    });
    await expect(cutOff).rejects.toThrow('cut off');
    await purge();
    expect(await audited(tenantId)).toEqual(REMOVED);
  });

  it('leaves every other tenant as it is: one in use, one suspended, one in its time of grace', async () => {
    const others = await Promise.all([addTenant(home), addTenant(home), addTenant(home)]);
    for (const id of others) await addOwner(id);
    await home.sql(`update tenants set status = 'SUSPENDED', purge_after = now() where id = $1`, [others[1]]);
    await home.sql(`update tenants set status = 'DELETING', purge_after = now() + interval '1 h' where id = $1`, [
      others[2],
    ]);
    expect(await purge()).toEqual([]);
    for (const id of others) expect((await rowsLeft(id)).reduce((sum = 0, left = 0) => sum + left)).toBe(2);
  });
});
