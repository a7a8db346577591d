import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AppTimings } from '../../src/app.ts';
import { OVERLOAD_TIMINGS } from '../../src/http/edge/overload.ts';
import { DATABASE_TIMINGS } from '../../src/store/database.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { type Product, startBeside, startProduct, toOptions } from '../support/product.ts';
import { type ProductNode, startNode } from '../support/start-node.ts';

const POOL_SIZE = 2;
const PROFILE = '{ viewer { profile { email } } }';
const RENAME = 'mutation { updateProfile(input: { displayName: "Mia" }) { user { id } } }';
const MAX_QUEUE_MS = 50;
/** Only callers use the database connections, no job does; and no turn of the event loop is too long. */
const CALLERS_ALONE: AppTimings = {
  outbox: { pollMs: NEVER_MS, housekeepingMs: NEVER_MS },
  revocations: { tickMs: NEVER_MS, staleMs: NEVER_MS },
  overload: { maxTurnMs: NEVER_MS },
};

let product: Product;
/** Its callers wait for a database connection as long as in production. */
let hasty: Product;
/** Its callers wait for a database connection without a limit. */
let patient: Product;
let mia: string;
beforeAll(async () => {
  product = await startProduct();
  mia = await product.tokenOf('mia@acme.test');
  hasty = await start({ ...CALLERS_ALONE, database: DATABASE_TIMINGS });
  patient = await start({
    ...CALLERS_ALONE,
    database: { connectTimeoutMs: NEVER_MS },
    overload: { ...CALLERS_ALONE.overload, maxQueueMs: MAX_QUEUE_MS },
  });
});
afterAll(async () => {
  await Promise.all([hasty, patient].map((node) => node[Symbol.asyncDispose]()));
  await product[Symbol.asyncDispose]();
});

/** A node with few connections, all of them open and idle. Its statements have no time limit. */
async function start(timings: AppTimings): Promise<Product> {
  const { database } = toOptions(product.pool, product.database);
  const node = await startBeside(product, {
    app: { metricsPort: 0, database: { ...database, poolSize: POOL_SIZE, statementTimeoutMs: NEVER_MS } },
    overrides: { timings },
  });
  await vi.waitFor(async () => {
    await askMany(node, POOL_SIZE, PROFILE);
    expect(await countOf(node, 'database_connections{state="idle"}')).toBe(POOL_SIZE);
  }, EVENTUALLY);
  return node;
}

type Asked = { readonly url: string };

async function ask({ url }: Asked, query: string) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${mia}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const code = JSON.parse(await response.text()).errors?.[0]?.extensions.code;
  return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
}

const askMany = (node: Asked, count: number, query: string) =>
  Promise.all(Array.from({ length: count }, () => ask(node, query)));
const statusesOf = (answers: readonly { readonly status: number }[]) => new Set(answers.map(({ status }) => status));
const refusal = { status: 503, code: 'SERVICE_UNAVAILABLE', retryAfter: expect.any(String) };

/** The value of one of a node's metrics. */
async function countOf({ metricsUrl }: Product, name: string): Promise<number> {
  const text = await (await fetch(metricsUrl ?? '')).text();
  const line = text.split('\n').find((one) => one.startsWith(`tenantry_${name} `));
  return Number(line?.split(' ').at(-1));
}

type UsersLock = AsyncDisposable & {
  /** The number of statements that wait for the lock. */
  countHeld(): Promise<number>;
};

/** Holds up every statement that reads users, until it is disposed of. */
async function lockUsers(): Promise<UsersLock> {
  const owner = new pg.Client({ connectionString: product.database.ownerUrl });
  await owner.connect();
  await owner.query('begin');
  await owner.query('lock table users in access exclusive mode');
  const held = `select pid from pg_locks where relation = 'users'::regclass and not granted`;
  return {
    countHeld: async () => (await owner.query(held)).rowCount ?? 0,
    [Symbol.asyncDispose]: () => owner.end(),
  };
}

/** Whether a promise has not settled. */
const isPending = (work: Promise<unknown>) => Promise.race([work.then(() => false), sleep(0, true)]);

describe('while the database holds every connection up', () => {
  let lock: UsersLock;
  let held: ReturnType<typeof askMany>;
  let waiting: ReturnType<typeof ask>;
  beforeAll(async () => {
    lock = await lockUsers();
    held = Promise.all([hasty, patient].map((node) => askMany(node, POOL_SIZE, PROFILE))).then((all) => all.flat());
    await vi.waitFor(async () => expect(await lock.countHeld()).toBe(2 * POOL_SIZE), EVENTUALLY);
  });

  it('whoever waits for one is refused after about a second, with when to come back', async () => {
    const answers = await askMany(hasty, 3 * POOL_SIZE, PROFILE);
    for (const answer of answers) expect(answer).toMatchObject(refusal);
    expect(await isPending(held)).toBe(true);
    expect(DATABASE_TIMINGS.connectTimeoutMs).toBe(1_000);
  });

  it('whoever comes once others have waited that long does not join them', async () => {
    waiting = ask(patient, PROFILE);
    const countWaiting = () => countOf(patient, 'database_connections{state="waiting"}');
    await vi.waitFor(async () => expect(await countWaiting()).toBe(1), EVENTUALLY);
    await sleep(2 * MAX_QUEUE_MS);
    const late = await askMany(patient, 10 * POOL_SIZE, PROFILE);
    for (const answer of late) expect(answer).toMatchObject(refusal);
    expect([await countWaiting(), await isPending(waiting)]).toEqual([1, true]);
    expect(OVERLOAD_TIMINGS.maxQueueMs).toBe(500);
  });

  it('the process lives', async () => {
    for (const { url } of [hasty, patient]) expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('and once it lets go, everything is answered', async () => {
    await lock[Symbol.asyncDispose]();
    expect(statusesOf(await held)).toEqual(new Set([200]));
    expect((await waiting).status).toBe(200);
    for (const node of [hasty, patient]) {
      await vi.waitFor(async () => expect((await ask(node, PROFILE)).status).toBe(200), EVENTUALLY);
      expect(statusesOf(await askMany(node, POOL_SIZE, PROFILE))).toEqual(new Set([200]));
    }
  });
});

describe('ten times as many callers as connections', () => {
  it.each([
    ['reading', PROFILE],
    ['writing', RENAME],
  ])('%s are answered or refused in time, and block nobody who comes after', async (_, query) => {
    const answers = await askMany(hasty, 10 * POOL_SIZE, query);
    expect(statusesOf(answers)).toContain(200);
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect(statusesOf(await askMany(hasty, POOL_SIZE, query))).toEqual(new Set([200]));
  });
});

describe('while the process computes more than there is time for', () => {
  const CALLERS = 80;
  const COMPUTE_MS = 100;
  let node: ProductNode;
  beforeAll(async () => {
    node = await startNode(product, { timings: { overload: OVERLOAD_TIMINGS } });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  /** One request for each caller, each over its own connection. `sent` resolves once all are written. */
  function sendAll(agent: Agent, query: string) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${mia}` };
    const sent: Promise<unknown>[] = [];
    const statuses = Array.from({ length: CALLERS }, () => {
      const outgoing = request(`${node.url}/graphql`, { agent, method: 'POST', headers });
      sent.push(new Promise((resolve) => outgoing.once('finish', resolve)));
      return new Promise<number>((resolve, reject) => {
        outgoing.once('error', reject).once('response', (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
        });
        outgoing.end(JSON.stringify({ query }));
      });
    });
    return { sent: Promise.all(sent), statuses: Promise.all(statuses) };
  }

  it('those who would wait longest are refused at once, and the next are answered', async () => {
    // Over connections that are there already, as a balancer keeps them: of new ones Node takes one a turn.
    const agent = new Agent({ keepAlive: true, maxFreeSockets: CALLERS });
    await sendAll(agent, '{ viewer { kind } }').statuses;
    // All requests are there when the next turn begins. Together they are eight seconds of work.
    const blocked = ask(node, '{ block }');
    await node.until('blocking');
    const { sent, statuses } = sendAll(agent, `{ compute(ms: ${COMPUTE_MS}) }`);
    await sent;
    node.unblock();
    expect((await blocked).status).toBe(200);
    const answered = Map.groupBy(await statuses, (status) => status);
    agent.destroy();
    expect([...answered.keys()].toSorted()).toEqual([200, 503]);
    // The last one may begin when the turn is almost too old.
    expect(answered.get(200)?.length).toBeLessThanOrEqual(OVERLOAD_TIMINGS.maxTurnMs / COMPUTE_MS + 1);
    expect((await ask(node, PROFILE)).status).toBe(200);
  });
});
