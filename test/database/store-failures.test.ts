import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SYSTEM } from '../../src/store/scope.ts';
import { scopedQuery } from '../../src/store/scoped-query.ts';
import { withClient } from '../support/database.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { startStoreProxy } from '../support/store-proxy.ts';
import { createStoreWorld, NOTHING_LEFT, openStore, type StoreWorld, tenantOf } from '../support/store-world.ts';

const MEMBERS = { name: 'failure-member-ids', text: 'select m.user_id from memberships m' };
// Longer than any limit here.
const LONG_SECONDS = 60;
const SLEEP = { name: 'failure-sleep', text: 'select pg_sleep($1::int)' };
// Over a row, so that it is no constant the planner divides by already.
const DIVIDE = { name: 'failure-divide', text: 'select 6 / divisor as quotient from unnest($1::int[]) divisor' };

let world: StoreWorld;
beforeAll(async () => {
  world = await createStoreWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** On a pool of one: fails as told, and says what the next users of the pool find. */
async function fail(failure: (store: ReturnType<typeof openStore>) => Promise<unknown>, preparedStatements = true) {
  await using store = openStore(world.database.appUrl, 1, { preparedStatements });
  const before = await store.readBare();
  const error = await failure(store).then(
    () => null,
    (reason: { readonly code?: string; readonly message: string }) => reason,
  );
  const after = await store.readBare();
  const rows = await store.query(tenantOf(world.acme), MEMBERS);
  return {
    code: error?.code,
    message: error?.message,
    keptConnection: after.pid === before.pid,
    standing: after.standing,
    rows: rows.length,
    connections: store.pool.totalCount,
  };
}

const SERVES_ON = { standing: NOTHING_LEFT, rows: 2, connections: 1 };
const scope = () => tenantOf(world.acme);

describe.each([true, false])('after a failed read, prepared statements: %s', (prepared) => {
  it.each([
    ['it cannot be parsed', { name: 'failure-broken', text: 'selekt 1' }, [], '42601'],
    [
      'it names a table the reach may not read',
      { name: 'failure-limits', text: 'select * from rate_limits' },
      [],
      '42501',
    ],
    ['a value does not fit', { name: 'failure-by-id', text: 'select $1::uuid as id' }, ['no id'], '22P02'],
    ['a value holds what no text may', { name: 'failure-by-text', text: 'select $1::text as it' }, ['a\0b'], '22021'],
    ['a value is missing', { name: 'failure-two', text: 'select $1::int + $2::int as sum' }, [1], '08P01'],
  ])('the connection is replaced: %s', async (_why, statement, values, code) => {
    const outcome = await fail((store) => store.query(scope(), statement, values), prepared);
    expect(outcome).toMatchObject({ ...SERVES_ON, code, keptConnection: false });
  });

  it.each([
    ['it divides by zero', DIVIDE, [['0']], '22012', 5_000],
    ['it takes longer than it may, and the server stops it', SLEEP, [LONG_SECONDS], '57014', 100],
  ])('the connection is kept: %s', async (_why, statement, values, code, statementTimeoutMs) => {
    const options = { preparedStatements: prepared, statementTimeoutMs, answerTimeoutMs: 60_000 };
    const outcome = await fail(({ pool }) => scopedQuery(pool, options, scope(), statement, values), prepared);
    expect(outcome).toMatchObject({ ...SERVES_ON, code, keptConnection: true });
  });

  it('the connection is replaced: its backend was killed', async () => {
    const outcome = await fail(async (store) => {
      const { pid } = await store.readBare();
      const [result] = await Promise.allSettled([store.query(scope(), SLEEP, [LONG_SECONDS]), killOnceActive(pid)]);
      if (result.status === 'rejected') throw result.reason;
    }, prepared);
    expect(outcome).toMatchObject({ ...SERVES_ON, keptConnection: false });
    expect(outcome.message).toContain('Connection terminated');
  });

  async function killOnceActive(pid: number): Promise<void> {
    await withClient(world.database.ownerUrl, async (owner) => {
      const KILL = `select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'`;
      await vi.waitFor(async () => expect((await owner.query(KILL, [pid])).rowCount).toBe(1), EVENTUALLY);
    });
  }
});

describe('a statement whose first run failed', () => {
  it('is known to the server by its name, and runs again on the same connection', async () => {
    await using store = openStore(world.database.appUrl, 1);
    const { pid } = await store.readBare();
    for (const _ of ['the first failure', 'and another']) {
      await expect(store.query(scope(), DIVIDE, [['0']])).rejects.toMatchObject({ code: '22012' });
      expect(await store.query(scope(), DIVIDE, [['2']])).toMatchObject([{ quotient: 3 }]);
    }
    expect((await store.readBare()).pid).toBe(pid);
  });

  it('does not end the read that already waits for its connection', async () => {
    await using store = openStore(world.database.appUrl, 1);
    const failing = store.query(scope(), DIVIDE, [['0']]);
    const waiting = store.query(scope(), MEMBERS);
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await waiting).toHaveLength(2);
  });
});

describe('a network that breaks', () => {
  it('in the middle of a read fails that read alone', async () => {
    await using proxy = await startStoreProxy(world.database.appUrl);
    await using store = openStore(proxy.url, 1);
    const { pid } = await store.readBare();
    const [outcome] = await Promise.allSettled([
      store.query(scope(), SLEEP, [LONG_SECONDS]),
      delay(50).then(proxy.cut),
    ]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
    expect(await store.query(scope(), MEMBERS)).toHaveLength(2);
    expect((await store.readBare()).pid).not.toBe(pid);
  });
});

describe('a server that falls silent', () => {
  it('is waited for no longer than told; its connection is destroyed', async () => {
    await using proxy = await startStoreProxy(world.database.appUrl);
    await using store = openStore(proxy.url, 1, { answerTimeoutMs: 100 });
    await store.readBare();
    proxy.stall();
    await expect(store.query(scope(), MEMBERS)).rejects.toThrow('no answer within 100 ms');
    expect(store.pool.totalCount).toBe(0);
  });

  it('hands its late answer to nobody', async () => {
    await using store = openStore(world.database.appUrl, 1);
    const options = { preparedStatements: true, statementTimeoutMs: 5_000, answerTimeoutMs: 100 };
    const statement = { name: 'failure-late', text: 'select user_id from memberships, pg_sleep(0.3)' };
    const late = scopedQuery(store.pool, options, SYSTEM, statement, []);
    await expect(late).rejects.toThrow('no answer within 100 ms');
    expect(await store.query(scope(), MEMBERS)).toHaveLength(2);
  });
});
