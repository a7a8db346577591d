import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, DATABASE_TIMINGS, type DatabaseTimings, type Transaction } from '../../src/store/database.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** Limits that a test waits for. */
const HASTY = { statementMs: 400, connectTimeoutMs: 400, readyTimeoutMs: 400 };
/** Limits that no test reaches. */
const PATIENT = { statementMs: NEVER_MS, connectTimeoutMs: NEVER_MS, readyTimeoutMs: NEVER_MS };
const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE' };

let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.drop());

/** A store with one connection, over a way that can be frozen. */
async function openStore({ statementMs, ...timings }: Partial<DatabaseTimings> & { readonly statementMs: number }) {
  const proxy = await startTcpProxy(home.appUrl);
  const database = createDatabase({
    url: proxy.url,
    poolSize: 1,
    preparedStatements: true,
    statementTimeoutMs: statementMs,
    timings: { answerGraceMs: 100, ...timings },
  });
  const dispose = async () => {
    await database.close();
    await proxy[Symbol.asyncDispose]();
  };
  return { proxy, database, [Symbol.asyncDispose]: dispose };
}

const asOwner = (text: string) => withClient(home.ownerUrl, async (owner) => (await owner.query(text)).rows);
const addTenant = async (tx: Transaction, slug: string) => {
  await tx.tenant.create({ data: { id: uuidv7(), slug, name: slug } });
};
const countOf = async (slug: string) => (await asOwner(`select from tenants where slug = '${slug}'`)).length;

const expectUnavailable = (work: Promise<unknown>) => expect(work).rejects.toMatchObject(UNAVAILABLE);

describe('a transaction', () => {
  it('whose connection the server ends as it commits is SERVICE_UNAVAILABLE, and undone', async () => {
    await using store = await openStore(PATIENT);
    const write = store.database.transaction(SYSTEM, async (tx) => {
      await addTenant(tx, 'ended');
      store.proxy.freeze();
      await asOwner(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'tenantry' and datname = current_database()`);
      // By then the commit is on its way, and the server's last word is the answer to it.
      setTimeout(store.proxy.thaw, 50);
    });
    await expectUnavailable(write);
    expect(await countOf('ended')).toBe(0);
  });

  it('over a connection that falls silent fails in time, and gives its place back', async () => {
    await using store = await openStore(HASTY);
    const write = store.database.transaction(SYSTEM, async (tx) => {
      store.proxy.freeze();
      await addTenant(tx, 'silent');
    });
    // Both while nothing comes through.
    await expectUnavailable(write);
    await vi.waitFor(() => expect(store.database.pool.totalCount).toBe(0), EVENTUALLY);
    store.proxy.thaw();
    await vi.waitFor(() => store.database.transaction(SYSTEM, (tx) => addTenant(tx, 'after-silence')), EVENTUALLY);
    expect(await countOf('after-silence')).toBe(1);
  });

  it('whose client vanished without a word is undone by the server, which lets go of its locks', async () => {
    await using store = await openStore(HASTY);
    await asOwner(`insert into tenants (id, slug, name) values ('${uuidv7()}', 'locked', 'Locked')`);
    const rename = (tx: Transaction) => tx.tenant.updateMany({ where: { slug: 'locked' }, data: { name: 'Renamed' } });
    const lost = store.database.transaction(SYSTEM, async (tx) => {
      await rename(tx);
      store.proxy.freeze();
      await rename(tx);
    });
    await expectUnavailable(lost);
    store.proxy.forget();
    await vi.waitFor(() => store.database.transaction(SYSTEM, rename), EVENTUALLY);
  });
});

describe('a server that was read-only', () => {
  it('is written to again once it is not, though its sessions keep what they were told', async () => {
    await using store = await openStore({ ...PATIENT, replaceAfterMs: 0 });
    await using young = await openStore({ ...PATIENT, replaceAfterMs: NEVER_MS });
    const alter = (how: string) =>
      asOwner(
        `begin read write; do $$ begin execute format('alter database %I ${how}', current_database()); end $$; commit`,
      );
    await alter('set default_transaction_read_only = on');
    const write = ({ database }: typeof store, slug: string) =>
      database.transaction(SYSTEM, (tx) => addTenant(tx, slug));
    for (const { database } of [store, young]) await database.assertReady();
    await expectUnavailable(write(young, 'refused'));
    await alter('reset default_transaction_read_only');
    // A connection refuses one more write, and is replaced unless it is too young.
    await expectUnavailable(write(store, 'refused'));
    await write(store, 'taken');
    await expectUnavailable(write(young, 'refused-again'));
    expect(await countOf('taken')).toBe(1);
  });
});

describe('assertReady', () => {
  it('resolves while the database answers', async () => {
    await using store = await openStore(PATIENT);
    await expect(store.database.assertReady()).resolves.toBeUndefined();
  });

  it.each([
    ['frozen before it was ever asked', false],
    ['frozen since', true],
  ])('rejects within two seconds for a database %s', async (_, isConnected) => {
    await using store = await openStore(HASTY);
    if (isConnected) await vi.waitFor(() => store.database.assertReady(), EVENTUALLY);
    store.proxy.freeze();
    expect(DATABASE_TIMINGS.connectTimeoutMs + DATABASE_TIMINGS.readyTimeoutMs).toBeLessThanOrEqual(2_000);
    // While nothing comes through.
    await expect(store.database.assertReady()).rejects.toThrow();
  });
});
