import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createUserPool, USER_POOL_TIMINGS, type UserPool } from '../../src/user-pool/user-pool.ts';
import { type PoolKit, startKit } from '../local/kit.ts';
import { SCOPE } from '../local/machine-kit.ts';
import { startBusyPool } from '../support/busy-pool.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';

const userPoolId = 'eu-central-1_BusyPool1';
const PATIENT = { lane: 'patient', signal: new AbortController().signal } as const;

describe('a user asked of the pool', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  });
  afterAll(() => product[Symbol.asyncDispose]());

  const open = () => createUserPool({ userPoolId: product.pool.poolId, endpoint: product.pool.endpoint });

  it('comes with his attributes', async () => {
    expect(await open().findUser('mia@acme.test')).toMatchObject({
      isEnabled: true,
      attributes: { email: 'mia@acme.test', name: 'Mia' },
    });
  });

  it('is null when there is none', async () => {
    expect(await open().findUser(randomUUID())).toBeNull();
    expect(await open().listGroups(randomUUID())).toBeNull();
  });

  it('is not null but unavailable when the pool cannot be asked', async () => {
    const pool = createUserPool({ userPoolId: product.pool.poolId, endpoint: 'http://127.0.0.1:1' });
    await expect(pool.findUser('mia@acme.test')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is found among all, page by page, and in his groups', async () => {
    const pool = open();
    const { users, next } = await pool.listUsers('', null);
    expect(users.map(({ attributes }) => attributes['email'])).toContain('mia@acme.test');
    expect(next).toBeNull();
    const subs = users.map(({ attributes }) => attributes['sub'] ?? '');
    const [prefix = ''] = subs.map((sub) => sub.slice(0, 2));
    const alike = (await pool.listUsers(prefix, null)).users.map(({ attributes }) => attributes['sub']);
    expect(alike).toEqual(subs.filter((sub) => sub.startsWith(prefix)));
    expect(await pool.listGroups('root@tenantry.test')).toEqual(['Admins', 'Users']);
  });

  it('is changed, and no other way by the same change again', async () => {
    const pool = open();
    const change = { kind: 'REMOVE_FROM_GROUP', group: 'Users' } as const;
    expect(await pool.change('mia@acme.test', change, PATIENT)).toBe('DONE');
    expect(await pool.change('mia@acme.test', change, PATIENT)).toBe('DONE');
    expect(await pool.listGroups('mia@acme.test')).toEqual([]);
    expect(await pool.change(randomUUID(), change, PATIENT)).toBe('USER_GONE');
  });
});

describe('a pool that answers only so many requests a second', () => {
  it('is asked within the budget, so that it refuses none', async () => {
    await using busy = await startBusyPool();
    const rates = { reads: 10, changes: 10, lists: 10 };
    const open = (rateWindowMs: number) =>
      createUserPool({ userPoolId, endpoint: busy.endpoint, rates, timings: { rateWindowMs } });
    const changeMany = (pool: UserPool) =>
      Array.from({ length: 30 }, (_, index) => pool.change(`user-${index}`, { kind: 'SIGN_OUT' }, PATIENT));

    // A window that does not end. Without a budget, the other changes would arrive before the answer to one more request.
    const thrifty = open(NEVER_MS);
    await Promise.all(changeMany(thrifty).slice(0, 10));
    await thrifty.listGroups('mia');
    expect(busy.asked).toHaveLength(11);
    thrifty.close();

    const pool = open(100);
    const begunAt = performance.now();
    await Promise.all(changeMany(pool));
    const asked = busy.asked.slice(11);
    expect(asked.map(({ status }) => status)).toEqual(Array(30).fill(200));
    // A busy machine may delay requests, but none arrives before its window.
    const [eleventh, twentyFirst] = [10, 20].map((index) => (asked[index]?.at ?? 0) - begunAt);
    expect(eleventh).toBeGreaterThanOrEqual(100);
    expect(twentyFirst).toBeGreaterThanOrEqual(200);
    pool.close();
  });

  it('is asked again by who goes through all users, after a while', async () => {
    await using busy = await startBusyPool({ isTooMany: (index) => index === 1, answer: () => ({ Users: [] }) });
    const pool = createUserPool({ userPoolId, endpoint: busy.endpoint });
    await Promise.all([pool.listUsers('', null), pool.listUsers('', null)]);
    expect(busy.asked.map(({ status }) => status)).toEqual([200, 400, 200]);
    pool.close();
  });

  it('answers a first query before a long line of jobs', async () => {
    const answer = () => ({ Username: 'mia', UserAttributes: [], Groups: [] });
    await using busy = await startBusyPool({ answer });
    const rates = { reads: 5, changes: 5, lists: 5 };
    const pool = createUserPool({ userPoolId, endpoint: busy.endpoint, rates, timings: { rateWindowMs: 100 } });
    const line = Array.from({ length: 20 }, () => pool.listGroups('somebody'));
    await pool.findUser('mia');
    expect(busy.asked.filter(({ operation }) => operation === 'AdminListGroupsForUser').length).toBeLessThan(15);
    await Promise.all(line);
    pool.close();
  });
});

describe('a pool that takes a call and says nothing', () => {
  let silent: Server;
  let endpoint: string;
  let calls = 0;
  beforeAll(async () => {
    silent = createServer(() => {
      calls += 1;
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => silent.close());

  it('is given up on after two seconds, twice', async () => {
    expect(USER_POOL_TIMINGS.requestTimeoutMs).toBe(2_000);
    const pool = createUserPool({ userPoolId, endpoint, timings: { requestTimeoutMs: 50 } });
    await expect(pool.findUser('mia')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await vi.waitFor(() => expect(calls).toBe(2), EVENTUALLY);
  });

  it('is not asked at all when nobody waits any longer', async () => {
    await using pool = await startBusyPool();
    const { change } = createUserPool({ userPoolId, endpoint: pool.endpoint });
    const turn = { lane: 'urgent', signal: AbortSignal.abort() } as const;
    await expect(change('mia', { kind: 'ENABLE' }, turn)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(pool.asked).toEqual([]);
  });
});

describe('a machine client at the pool', () => {
  const TENANT_ID = randomUUID();
  let kit: PoolKit;
  beforeAll(async () => {
    kit = await startKit();
  });
  afterAll(() => kit[Symbol.asyncDispose]());
  const ask = () => createUserPool({ userPoolId: kit.UserPoolId, endpoint: kit.pool.endpoint });

  it('has its secrets listed by age, and loses the one that is named, once or twice', async () => {
    const { clientId } = await ask().createMachineClient(TENANT_ID, [SCOPE]);
    const [first = ''] = await ask().listClientSecrets(clientId);
    const { secretId } = await ask().addClientSecret(clientId);
    expect(await ask().listClientSecrets(clientId)).toEqual([first, secretId]);
    await ask().deleteClientSecret(clientId, first);
    await ask().deleteClientSecret(clientId, first);
    expect(await ask().listClientSecrets(clientId)).toEqual([secretId]);
  });

  it('has no third secret: CONFLICT', async () => {
    const { clientId } = await ask().createMachineClient(TENANT_ID, [SCOPE]);
    await ask().addClientSecret(clientId);
    await expect(ask().addClientSecret(clientId)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is deleted once or twice, and then has no secret and gets none', async () => {
    const { clientId } = await ask().createMachineClient(TENANT_ID, [SCOPE]);
    await ask().deleteClient(clientId);
    await ask().deleteClient(clientId);
    expect(await ask().listClientSecrets(clientId)).toEqual([]);
    await expect(ask().addClientSecret(clientId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is not made with a scope that the pool does not know: the operator must add it', async () => {
    const creation = ask().createMachineClient(TENANT_ID, ['projects/read']);
    await expect(creation).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is unavailable when the pool cannot be asked', async () => {
    const pool = createUserPool({ userPoolId: kit.UserPoolId, endpoint: 'http://127.0.0.1:1' });
    const asked = [
      pool.createMachineClient(TENANT_ID, [SCOPE]),
      pool.addClientSecret('one'),
      pool.listClientSecrets('one'),
      pool.deleteClientSecret('one', 'first'),
      pool.deleteClient('one'),
    ];
    const outcomes = await Promise.allSettled(asked);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE' } });
  });
});
