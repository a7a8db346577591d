import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tellPool } from '../../src/domain/outbox.ts';
import { OUTBOX_TIMINGS, type OutboxTimings, type StartedOutbox, startOutbox } from '../../src/jobs/outbox.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { NO_METRICS } from '../../src/observability/metrics.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import type { PoolChange } from '../../src/user-pool/pool-change.ts';
import type { UserPool } from '../../src/user-pool/user-pool.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { EVENTUALLY, NEVER_MS, PATIENT_DATABASE } from '../support/eventually.ts';

/** Only a call of `wake` or `deliverTo` looks for entries. */
const NEVER = { pollMs: NEVER_MS };
const OFTEN = { pollMs: 10, firstPauseMs: 10 };
const LOOKS = 3;

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.appUrl,
    poolSize: 8,
    preparedStatements: true,
    timings: PATIENT_DATABASE,
  });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

let told: string[];
let fail: (username: string, change: PoolChange) => Promise<void>;

const DONE = { kind: expect.any(String), detail: null, attempts: 1, outcome: 'DONE' };
const CONFIRMED = { isEnabled: true, status: 'CONFIRMED', modifiedAt: new Date() };

/** A pool that knows everybody by his id, and writes down what it is told. */
const pool: Pick<UserPool, 'findUser' | 'change'> = {
  findUser: async (username) => ({ ...CONFIRMED, username, attributes: { sub: username } }),
  change: async (username, change) => {
    await fail(username, change);
    told.push(`${username} ${change.kind}`);
    return 'DONE';
  },
};

beforeEach(async () => {
  told = [];
  fail = async () => {};
  await withClient(testDatabase.ownerUrl, (owner) => owner.query('truncate outbox'));
});

type NodeOptions = {
  readonly timings?: Partial<OutboxTimings>;
  readonly userPool?: typeof pool;
  readonly store?: Pick<Database, 'query'>;
};

const startNode = ({ timings = OFTEN, userPool = pool, store = database }: NodeOptions = {}): StartedOutbox =>
  startOutbox({ database: store, userPool, timings, log: createLogger('silent'), metrics: NO_METRICS });

/** The database, with a count of the looks for due entries that it has answered. */
function countLooks(): Pick<Database, 'query'> & { readonly looks: () => number } {
  let looks = 0;
  return {
    looks: () => looks,
    query: async (scope, statement, values) => {
      const rows = await database.query<never>(scope, statement, values);
      if (statement.name === 'claim-outbox') looks += 1;
      return rows;
    },
  };
}

const write = (id: string, changes: readonly PoolChange[], username = id) =>
  database.transaction(SYSTEM, (tx) => tellPool(tx, { id, username }, changes));
const rows = () =>
  withClient(testDatabase.ownerUrl, async (owner) => {
    const { rows } = await owner.query('select kind, detail, attempts, outcome from outbox order by id');
    return rows;
  });
/** The test's own limit ends the wait. */
const unlimited = () => new AbortController().signal;

describe('the outbox', () => {
  it('tells the pool what was committed, in its order, as soon as it is woken', async () => {
    await using node = startNode({ timings: NEVER });
    const id = randomUUID();
    await write(id, [{ kind: 'ADD_TO_GROUP', group: 'Users' }, { kind: 'DISABLE' }, { kind: 'ENABLE' }]);
    node.wake();
    await expect.poll(() => told, EVENTUALLY).toEqual([`${id} ADD_TO_GROUP`, `${id} DISABLE`, `${id} ENABLE`]);
    await expect.poll(rows, EVENTUALLY).toEqual([
      { kind: 'ADD_TO_GROUP', detail: 'Users', attempts: 1, outcome: 'DONE' },
      { kind: 'DISABLE', detail: null, attempts: 1, outcome: 'DONE' },
      { kind: 'ENABLE', detail: null, attempts: 1, outcome: 'DONE' },
    ]);
  });

  it('finds by itself what a node left that ended before it could', async () => {
    expect(OUTBOX_TIMINGS.pollMs).toBeLessThanOrEqual(1_000);
    await write(randomUUID(), [{ kind: 'SIGN_OUT' }]);
    await using _node = startNode();
    await expect.poll(() => told.length, EVENTUALLY).toBe(1);
  });

  it('holds nothing of what was undone', async () => {
    const id = randomUUID();
    const undone = database.transaction(SYSTEM, async (tx) => {
      await tellPool(tx, { id, username: id }, [{ kind: 'DISABLE' }]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await rows()).toEqual([]);
  });

  it('tells each thing once and in order, however many nodes there are', async () => {
    await using stack = new AsyncDisposableStack();
    const nodes = Array.from({ length: 3 }, () => stack.use(startNode()));
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (const id of ids) await write(id, [{ kind: 'DISABLE' }, { kind: 'ENABLE' }, { kind: 'SIGN_OUT' }]);
    for (const node of nodes) node.wake();
    await expect.poll(rows, EVENTUALLY).toEqual(Array.from({ length: 60 }, () => DONE));
    for (const node of nodes) await node[Symbol.asyncDispose]();
    const ofEach = ids.map((id) => told.filter((line) => line.startsWith(id)).map((line) => line.split(' ')[1]));
    expect(new Set(ofEach.map(String))).toEqual(new Set(['DISABLE,ENABLE,SIGN_OUT']));
    expect(told).toHaveLength(60);
  });

  it('tries again what failed, before anything else of the same user, and holds up nobody else', async () => {
    await using node = startNode();
    const [stuck, other] = [randomUUID(), randomUUID()];
    let failures = 3;
    fail = async (username) => {
      if (username === stuck && failures-- > 0) throw new Error('busy');
    };
    await write(stuck, [{ kind: 'DISABLE' }, { kind: 'ENABLE' }]);
    await write(other, [{ kind: 'SIGN_OUT' }]);
    node.wake();
    await expect.poll(() => told, EVENTUALLY).toEqual([`${other} SIGN_OUT`, `${stuck} DISABLE`, `${stuck} ENABLE`]);
    await expect.poll(rows, EVENTUALLY).toMatchObject([{ attempts: 4 }, { attempts: 1 }, { attempts: 1 }]);
  });

  it.each([
    ['nobody', async () => null],
    ['somebody else', async (username: string) => ({ ...CONFIRMED, username, attributes: { sub: randomUUID() } })],
  ])('is done with a user whose name is %s at the pool, and does nothing to him', async (_, findUser) => {
    await using node = startNode({ timings: NEVER, userPool: { ...pool, findUser } });
    const id = randomUUID();
    await write(id, [{ kind: 'DISABLE' }, { kind: 'DELETE' }]);
    await node.deliverTo(id, unlimited());
    expect(told).toEqual([]);
    expect(await rows()).toMatchObject([{ outcome: 'USER_GONE' }, { outcome: 'USER_GONE' }]);
  });

  it('lets go of who waits once he will not wait longer, and tells the pool later', async () => {
    await using node = startNode();
    const id = randomUUID();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    fail = () => answered;
    await write(id, [{ kind: 'SIGN_OUT' }]);
    await node.deliverTo(id, AbortSignal.timeout(50));
    expect(told).toEqual([]);
    answer();
    await expect.poll(() => told, EVENTUALLY).toEqual([`${id} SIGN_OUT`]);
  });

  it('waits for what another has in hand', async () => {
    await using one = startNode({ timings: NEVER });
    await using other = startNode({ timings: NEVER });
    const id = randomUUID();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    fail = () => answered;
    await write(id, [{ kind: 'SIGN_OUT' }]);
    let done = 0;
    const deliveries = [one, other].map((node) =>
      node.deliverTo(id, unlimited()).then(() => {
        done += 1;
      }),
    );
    await expect.poll(rows, EVENTUALLY).toMatchObject([{ attempts: 1 }]);
    await sleep(3 * OUTBOX_TIMINGS.lookAgainMs);
    expect(done).toBe(0);
    answer();
    await Promise.all(deliveries);
    expect(told).toEqual([`${id} SIGN_OUT`]);
    expect(await rows()).toMatchObject([{ attempts: 1, outcome: 'DONE' }]);
  });
});

describe('a node that had an entry in hand and is gone', () => {
  it('gives it up after ten seconds, and to one other', async () => {
    expect(OUTBOX_TIMINGS.attemptMs).toBeLessThan(10_000);
    const id = randomUUID();
    await write(id, [{ kind: 'SIGN_OUT' }]);
    await withClient(testDatabase.ownerUrl, (owner) =>
      owner.query(`update outbox set attempts = 1, next_at = now() + interval '10 seconds'`),
    );
    const store = countLooks();
    await using _node = startNode({ store });
    await expect.poll(store.looks, EVENTUALLY).toBeGreaterThanOrEqual(LOOKS);
    expect(told).toEqual([]);
    await withClient(testDatabase.ownerUrl, (owner) => owner.query(`update outbox set next_at = now()`));
    await expect.poll(() => told, EVENTUALLY).toEqual([`${id} SIGN_OUT`]);
    await expect.poll(rows, EVENTUALLY).toMatchObject([{ attempts: 2, outcome: 'DONE' }]);
  });
});

describe('the outbox, by grant', () => {
  it.each(['tenantry_tenant', 'tenantry_self', 'tenantry_platform'])('is nothing %s may touch', async (role) => {
    await withClient(testDatabase.appUrl, async (login) => {
      await login.query(`set role ${role}`);
      await expect(login.query('select from outbox')).rejects.toThrow('permission denied');
      await expect(login.query('select from deleted_users')).rejects.toThrow('permission denied');
    });
  });
});
