import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Transaction } from '../../src/store/database.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const STATEMENT_TIMEOUT_MS = 400;
// Limit, grace and a busy machine.
const SOON_MS = 3_000;
const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE' };

let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.drop());

/** A store with one connection, over a way that can be frozen. */
async function openStore() {
  const proxy = await startTcpProxy(home.appUrl);
  const limits = { poolSize: 1, preparedStatements: true, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const database = createDatabase({ url: proxy.url, ...limits });
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

/** How long it took to fail as it should. */
async function untilUnavailable(work: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await expect(work).rejects.toMatchObject(UNAVAILABLE);
  return performance.now() - begun;
}

describe('a transaction', () => {
  it('whose connection the server ends as it commits is SERVICE_UNAVAILABLE, and undone', async () => {
    await using store = await openStore();
    const write = store.database.transaction(SYSTEM, async (tx) => {
      await addTenant(tx, 'ended');
      store.proxy.freeze();
      await asOwner(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'tenantry' and datname = current_database()`);
      // By then the commit is on its way, and the server's last word is the answer to it.
      setTimeout(store.proxy.thaw, 50);
    });
    await untilUnavailable(write);
    expect(await countOf('ended')).toBe(0);
  });

  it('over a connection that falls silent fails in time, and gives its place back', async () => {
    await using store = await openStore();
    const write = store.database.transaction(SYSTEM, async (tx) => {
      store.proxy.freeze();
      await addTenant(tx, 'silent');
    });
    expect(await untilUnavailable(write)).toBeLessThan(SOON_MS);
    await vi.waitFor(() => expect(store.database.pool.totalCount).toBe(0), SOON_MS);
    store.proxy.thaw();
    await store.database.transaction(SYSTEM, (tx) => addTenant(tx, 'after-silence'));
    expect(await countOf('after-silence')).toBe(1);
  });

  it('whose client vanished without a word is undone by the server, which lets go of its locks', async () => {
    await using store = await openStore();
    await asOwner(`insert into tenants (id, slug, name) values ('${uuidv7()}', 'locked', 'Locked')`);
    const rename = (tx: Transaction) => tx.tenant.updateMany({ where: { slug: 'locked' }, data: { name: 'Renamed' } });
    const lost = store.database.transaction(SYSTEM, async (tx) => {
      await rename(tx);
      store.proxy.freeze();
      await rename(tx);
    });
    await untilUnavailable(lost);
    store.proxy.forget();
    await vi.waitFor(() => store.database.transaction(SYSTEM, rename), { timeout: SOON_MS, interval: 100 });
  });
});

describe('a server that was read-only', () => {
  it('is written to again once it is not, though its sessions keep what they were told', async () => {
    await using store = await openStore();
    const alter = (how: string) =>
      asOwner(
        `begin read write; do $$ begin execute format('alter database %I ${how}', current_database()); end $$; commit`,
      );
    await alter('set default_transaction_read_only = on');
    const write = (slug: string) => store.database.transaction(SYSTEM, (tx) => addTenant(tx, slug));
    await untilUnavailable(write('refused'));
    await alter('reset default_transaction_read_only');
    // Old enough by then to be worth replacing: it refuses one more write, and is.
    await delay(1_100);
    await untilUnavailable(write('refused-again'));
    await write('taken');
    expect(await countOf('taken')).toBe(1);
  });
});

describe('assertReady', () => {
  it('resolves while the database answers', async () => {
    await using store = await openStore();
    await expect(store.database.assertReady()).resolves.toBeUndefined();
  });

  it.each([
    ['frozen before it was ever asked', false],
    ['frozen since', true],
  ])('rejects within two seconds for a database %s', async (_, isConnected) => {
    await using store = await openStore();
    if (isConnected) await store.database.assertReady();
    store.proxy.freeze();
    const begun = performance.now();
    await expect(store.database.assertReady()).rejects.toThrow();
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
  });
});
