import { randomUUID } from 'node:crypto';
import { createClient, type RedisClientType } from '@redis/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRedisStore } from '../../src/http/rate-limits/redis-store.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { addUser } from '../support/people.ts';
import { startStoreProxy } from '../support/store-proxy.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { startTwoNodes, type TwoNodes } from '../support/two-nodes.ts';
import { createMemoryLog } from '../unit/memory-log.ts';

// vitest.config.ts leaves this folder out where there is none.
const REDIS_URL = process.env['TEST_REDIS_URL'] ?? '';
const LIMIT = 4;

let way: TcpProxy;
let nodes: TwoNodes;

beforeAll(async () => {
  way = await startTcpProxy(REDIS_URL);
  nodes = await startTwoNodes({ callerPerMinute: LIMIT, addressPerMinute: LIMIT, store: way.url });
});
afterAll(async () => {
  await nodes[Symbol.asyncDispose]();
  await way[Symbol.asyncDispose]();
});

const newToken = async () => (await addUser(nodes.product)).token;

describe('two nodes at one Redis', () => {
  it('hold a caller to one limit', async () => {
    const token = await newToken();
    expect(await nodes.repeat(LIMIT - 1, 0, token)).toEqual(['200', '200', '200']);
    expect(await nodes.repeat(2, 1, token)).toEqual(['200', '429 later']);
    expect(await nodes.repeat(1, 0, token)).toEqual(['429 later']);
  });

  it('hold an address to one limit, not counting the good tokens it shows', async () => {
    for (let count = 0; count < LIMIT; count += 1) await nodes.repeat(1, 0, await newToken());
    const answers = [...(await nodes.repeat(LIMIT, 0, null)), ...(await nodes.repeat(1, 1, null))];
    expect(answers).toEqual(['401', '401', '401', '401', '429 later']);
  });
});

describe('a Redis that goes away', () => {
  it('leaves each node to hold the limit alone', async () => {
    const token = await newToken();
    await way.stop();
    expect(await nodes.repeat(LIMIT + 1, 0, token)).toEqual(['200', '200', '200', '200', '429 later']);
    await way.start();
  });

  it('is counted in again when it is back', async () => {
    await way.stop();
    await nodes.repeat(1, 0, await newToken());
    await way.start();
    await vi.waitFor(
      async () => {
        const token = await newToken();
        await nodes.repeat(LIMIT, 0, token);
        expect(await nodes.repeat(1, 1, token)).toEqual(['429 later']);
      },
      { timeout: 10_000, interval: 500 },
    );
  });
});

describe('a store at Redis', () => {
  const { log, lines } = createMemoryLog();
  const window = () => ({ name: randomUUID(), requests: 1, seconds: 60 });

  it('tells the seconds after which the next request passes', async () => {
    await using store = await openRedisStore(REDIS_URL, log);
    const one = { ...window(), seconds: 2 };
    const limit = store.createLimit(one);
    const readLeftMs = () => read((redis) => redis.pTTL(`tenantry:${one.name}:a`));
    await limit.take('a');
    const waitSeconds = (await limit.take('a')) ?? 0;
    // By the clock of Redis: its window is over within the seconds told, and then the next request passes.
    expect(waitSeconds * 1000).toBeGreaterThanOrEqual(await readLeftMs());
    await expect.poll(readLeftMs, EVENTUALLY).toBeLessThan(0);
    expect(await limit.take('a')).toBeNull();
  });

  it('counts alone when Redis has fallen silent', async () => {
    await using silent = await startStoreProxy(REDIS_URL);
    await using store = await openRedisStore(silent.url, log, { retryMs: NEVER_MS });
    const limit = store.createLimit(window());
    silent.stall();
    expect([await limit.take('a'), await limit.take('a'), await limit.take('b')]).toEqual([null, 60, null]);
  });

  it('says once that Redis refuses the password, and counts alone', async () => {
    lines.length = 0;
    await read((redis) => redis.aclLogReset());
    const url = Object.assign(new URL(REDIS_URL), { username: 'nobody', password: 'wrong' }).href;
    await using store = await openRedisStore(url, log);
    const limit = store.createLimit(window());
    await expect.poll(countRefusedLogins, EVENTUALLY).toBeGreaterThanOrEqual(3);
    expect([await limit.take('a'), await limit.take('a')]).toEqual([null, 60]);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('keeps what it counts no longer than the window', async () => {
    await using store = await openRedisStore(REDIS_URL, log);
    const one = window();
    await store.createLimit(one).take('a');
    const ttl = await read((redis) => redis.ttl(`tenantry:${one.name}:a`));
    expect([ttl > 0, ttl <= one.seconds]).toEqual([true, true]);
  });

  it('leaves no connection behind', async () => {
    const store = await openRedisStore(REDIS_URL, log);
    const count = async () => (await read((redis) => redis.clientList())).length;
    const before = await count();
    await store[Symbol.asyncDispose]();
    await expect.poll(count).toBe(before - 1);
  });
});

async function countRefusedLogins(): Promise<number> {
  const entries = await read((redis) => redis.aclLog());
  return entries.filter(({ username }) => username === 'nobody').reduce((sum, { count }) => sum + count, 0);
}

async function read<Result>(ask: (redis: RedisClientType) => Promise<Result>): Promise<Result> {
  const redis: RedisClientType = createClient({ url: REDIS_URL });
  await redis.connect();
  const answer = await ask(redis);
  await redis.close();
  return answer;
}
