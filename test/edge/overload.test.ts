import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { type ProductNode, startNode } from '../support/start-node.ts';

const POOL_SIZE = 2;
const PROFILE = '{ viewer { profile { email } } }';
const RENAME = 'mutation { updateProfile(input: { displayName: "Mia" }) { user { id } } }';
/** A second in the queue, and what a busy machine adds to it. */
const WAIT_MS = 3_500;

let product: Product;
let node: ProductNode;
let mia: string;
beforeAll(async () => {
  product = await startProduct();
  mia = await product.tokenOf('mia@acme.test');
  node = await startNode(product, { poolSize: POOL_SIZE });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await product[Symbol.asyncDispose]();
});

async function ask(query: string) {
  const since = performance.now();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${mia}` };
  const response = await fetch(`${node.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const code = JSON.parse(await response.text()).errors?.[0]?.extensions.code;
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, code, retryAfter, ms: performance.now() - since };
}

const askMany = (count: number, query: string) => Promise.all(Array.from({ length: count }, () => ask(query)));
const statusesOf = (answers: readonly { readonly status: number }[]) => new Set(answers.map(({ status }) => status));

/** Holds up every statement that reads users, until it is disposed of. */
async function lockUsers(): Promise<AsyncDisposable> {
  const owner = new pg.Client({ connectionString: product.database.ownerUrl });
  await owner.connect();
  await owner.query('begin');
  await owner.query('lock table users in access exclusive mode');
  return { [Symbol.asyncDispose]: () => owner.end() };
}

describe('while the database holds every connection up', () => {
  let lock: AsyncDisposable;
  let held: ReturnType<typeof askMany>;
  beforeAll(async () => {
    lock = await lockUsers();
    held = askMany(POOL_SIZE, PROFILE);
    await sleep(100);
  });

  it('whoever waits for one is refused after about a second, with when to come back', async () => {
    const answers = await askMany(3 * POOL_SIZE, PROFILE);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', retryAfter: expect.any(String) });
      expect(answer.ms).toBeLessThan(WAIT_MS);
    }
  });

  it('whoever comes once others have waited that long does not join them', async () => {
    const waiting = askMany(POOL_SIZE, PROFILE);
    await sleep(700);
    const late = await askMany(10 * POOL_SIZE, PROFILE);
    const isQueueLeft = await Promise.race([waiting.then(() => false), sleep(0, true)]);
    expect([statusesOf(late), isQueueLeft]).toEqual([new Set([503]), true]);
    expect(statusesOf(await waiting)).toEqual(new Set([503]));
  });

  it('the process lives', async () => {
    expect((await fetch(`${node.url}/livez`)).status).toBe(200);
  });

  it('and once it lets go, everything is answered', async () => {
    await lock[Symbol.asyncDispose]();
    expect(statusesOf(await held)).toEqual(new Set([200]));
    await vi.waitFor(async () => expect((await ask(PROFILE)).status).toBe(200), 1_000);
    expect(statusesOf(await askMany(POOL_SIZE, PROFILE))).toEqual(new Set([200]));
  });
});

describe('ten times as many callers as connections', () => {
  it.each([
    ['reading', PROFILE],
    ['writing', RENAME],
  ])('%s are answered or refused in time, and block nobody who comes after', async (_, query) => {
    const answers = await askMany(10 * POOL_SIZE, query);
    expect(statusesOf(answers)).toContain(200);
    for (const { status, ms } of answers) expect([[200, 503].includes(status), ms < WAIT_MS]).toEqual([true, true]);
    expect(statusesOf(await askMany(POOL_SIZE, query))).toEqual(new Set([200]));
  });
});

describe('while the process computes more than there is time for', () => {
  it('those who would wait longest are refused at once, and the next are answered', async () => {
    // Over connections that are there already, as a balancer keeps them: of new ones Node takes one a turn.
    await askMany(80, '{ viewer { kind } }');
    // Eight seconds of work, were it all done.
    const answers = await askMany(80, '{ compute(ms: 100) }');
    expect(statusesOf(answers)).toEqual(new Set([200, 503]));
    for (const { ms } of answers) expect(ms).toBeLessThan(WAIT_MS);
    expect((await ask(PROFILE)).status).toBe(200);
  });
});
