import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/store/scope.ts';
import { stampOf } from '../../src/store/stamp.ts';
import { withClient } from '../support/database.ts';
import { startStoreProxy } from '../support/store-proxy.ts';
import {
  createStoreWorld,
  NOTHING_LEFT,
  openStore,
  type Store,
  type StoreWorld,
  selfOf,
  tenantOf,
} from '../support/store-world.ts';

const MEMBERS = {
  name: 'members',
  text: 'select m.tenant_id as "tenantId", m.user_id as "userId" from memberships m order by 1, 2',
};

let world: StoreWorld;
let store: Store;
beforeAll(async () => {
  world = await createStoreWorld();
  store = openStore(world.database.appUrl, 1);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const sorted = (...ids: string[]) => ids.toSorted();

describe('a scoped read', () => {
  it.each([true, false])('takes one round trip (prepared statements: %s)', async (preparedStatements) => {
    await using proxy = await startStoreProxy(world.database.appUrl);
    await using proxied = openStore(proxy.url, 1, { preparedStatements });
    await proxied.readBare();
    for (const _ of ['the first time', 'and when the server knows the statement']) {
      proxy.takeTurns();
      await proxied.query(tenantOf(world.acme), MEMBERS);
      expect(proxy.takeTurns()).toBe('cs');
    }
  });

  it('stamps its rows with the scope', async () => {
    const scope = tenantOf(world.acme);
    const rows = await store.query(scope, MEMBERS);
    expect(rows.map(stampOf)).toEqual([scope, scope]);
  });

  it('leaves nothing of the scope on its connection', async () => {
    await store.query({ reach: 'TENANT', tenantId: world.acme, userId: world.mia }, MEMBERS);
    expect((await store.readBare()).standing).toEqual(NOTHING_LEFT);
  });

  it('leaves neither a listener nor a timer behind', async () => {
    const client = await store.pool.connect();
    client.release();
    const countLeft = () => ({
      listeners: client.listenerCount('error'),
      timers: process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length,
    });
    await store.query(tenantOf(world.acme), MEMBERS);
    const before = countLeft();
    for (const _ of Array(5)) await store.query(tenantOf(world.acme), MEMBERS);
    expect(countLeft().listeners).toBe(before.listeners);
    expect(countLeft().timers).toBeLessThan(before.timers + 5);
  });

  it('gives each reach its own rows under one statement name on one connection, past the fifth time that makes a plan generic', async () => {
    const { pid } = await store.readBare();
    for (let time = 1; time <= 7; time++) {
      const read = async (scope: Parameters<Store['query']>[0], column: 'userId' | 'tenantId') =>
        (await store.query<Record<typeof column, string>>(scope, MEMBERS)).map((row) => row[column]).toSorted();
      expect(await read(tenantOf(world.acme), 'userId')).toEqual(sorted(world.mia, world.dora));
      expect(await read(selfOf(world.dora), 'tenantId')).toEqual(sorted(world.acme, world.globex));
      expect(await read(tenantOf(world.globex), 'userId')).toEqual(sorted(world.gina, world.dora));
      expect(await read(selfOf(world.gina), 'tenantId')).toEqual([world.globex]);
      expect(await read(SYSTEM, 'userId')).toHaveLength(4);
    }
    expect((await store.readBare()).pid).toBe(pid);
  });

  it('works without prepared statements, and leaves none behind', async () => {
    await using unprepared = openStore(world.database.appUrl, 1, { preparedStatements: false });
    expect(await unprepared.query(tenantOf(world.acme), MEMBERS)).toHaveLength(2);
    expect(await unprepared.query(selfOf(world.gina), MEMBERS)).toHaveLength(1);
    expect((await unprepared.pool.query('select name from pg_prepared_statements')).rows).toEqual([]);
  });

  it('is the only way to a row: the database refuses every table to a query without a scope', async () => {
    const tables = await withClient(world.database.ownerUrl, async (owner) => {
      const { rows } = await owner.query<{ tablename: string }>(
        `select tablename from pg_tables where schemaname = 'public'`,
      );
      return rows.map(({ tablename }) => tablename);
    });
    expect(tables).toContain('memberships');
    const refusals = tables.map((table) => store.pool.query(`select from public.${table}`).catch(({ code }) => code));
    expect(await Promise.all(refusals)).toEqual(tables.map(() => '42501'));
  });
});

describe('a name of a statement', () => {
  it('stands for one text, else the server would run what it knows by that name', async () => {
    await store.query(SYSTEM, { name: 'one', text: 'select 1 as it' });
    await expect(store.query(SYSTEM, { name: 'one', text: 'select 2 as it' })).rejects.toThrow('stands for two texts');
  });

  it('is refused where PostgreSQL would cut it, and two might become one', async () => {
    const longest = 'é'.repeat(27);
    expect(
      await store.query({ reach: 'PLATFORM', tenantId: null, userId: null }, { name: longest, text: 'select 1 as it' }),
    ).toHaveLength(1);
    const { rows } = await store.pool.query('select from pg_prepared_statements where name = $1', [
      `PLATFORM:${longest}`,
    ]);
    expect(rows).toHaveLength(1);
    await expect(store.query(SYSTEM, { name: `${longest}x`, text: 'select 1 as it' })).rejects.toThrow('over 54 bytes');
  });
});

describe('a value', () => {
  const ECHO = { name: 'echo', text: 'select $1::text as text, $2::text[] as list' };
  // PostgreSQL holds every character but U+0000.
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('NULL', '', '{}', '"', '\\', `','`, '\\"', '{"a"}', "'; --"),
  );
  const storable = text.filter((it) => !it.includes('\0'));

  it('arrives as it was sent, alone and in a list', async () => {
    await fc.assert(
      fc.asyncProperty(storable, fc.array(storable, { maxLength: 5 }), async (alone, list) => {
        expect(await store.query(SYSTEM, ECHO, [alone, list])).toMatchObject([{ text: alone, list }]);
      }),
    );
  });

  it.each([
    ['null', 'text', null, null],
    ['a large number', 'int8', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['a truth', 'boolean', false, false],
    ['an instant', 'timestamptz', new Date('2026-02-03T04:05:06.789Z'), new Date('2026-02-03T04:05:06.789Z')],
  ])('comes back as the type it has here: %s', async (_what, type, sent, received) => {
    const statement = { name: `echo-${type}`, text: `select $1::${type} as value` };
    expect(await store.query(SYSTEM, statement, [sent])).toMatchObject([{ value: received }]);
  });

  it('that cannot be written down takes no connection', async () => {
    await expect(store.query(SYSTEM, ECHO, [new Date(Number.NaN), []])).rejects.toThrow('Invalid time value');
    expect(store.pool.idleCount).toBe(store.pool.totalCount);
    expect((await store.readBare()).standing).toEqual(NOTHING_LEFT);
  });
});
