import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CIRCUIT_TIMINGS } from '../../src/http/rate-limits/circuit.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createRateLimitClient } from '../../src/store/rate-limit-client.ts';
import { withClient } from '../support/database.ts';
import { EVENTUALLY, NEVER_MS, PATIENT_DATABASE } from '../support/eventually.ts';
import { startNodeBeside } from '../support/node-beside.ts';
import { addUser } from '../support/people.ts';
import { startTwoNodes, type TwoNodes } from '../support/two-nodes.ts';

const LIMIT = 4;
const LIMITS = { callerPerMinute: LIMIT, addressPerMinute: LIMIT, store: 'postgres' };

let nodes: TwoNodes;

beforeAll(async () => {
  nodes = await startTwoNodes(LIMITS, { rateLimits: { answerTimeoutMs: NEVER_MS, retryMs: 10 } });
});
afterAll(() => nodes[Symbol.asyncDispose]());

const newToken = async () => (await addUser(nodes.product)).token;

describe('two nodes on one database', () => {
  it('hold a caller to one limit', async () => {
    const token = await newToken();
    expect(await nodes.repeat(LIMIT - 1, 0, token)).toEqual(['200', '200', '200']);
    expect(await nodes.repeat(2, 1, token)).toEqual(['200', '429 later']);
    expect(await nodes.repeat(1, 0, token)).toEqual(['429 later']);
  });

  it('hold a caller to one limit when he asks both at once', async () => {
    const token = await newToken();
    const both = await Promise.all(([0, 1, 0, 1, 0, 1] as const).map((node) => nodes.repeat(1, node, token)));
    expect(both.flat().toSorted()).toEqual(['200', '200', '200', '200', '429 later', '429 later']);
  });

  it('hold an address to one limit, not counting the good tokens it shows', async () => {
    for (let count = 0; count < LIMIT; count += 1) await nodes.repeat(1, 0, await newToken());
    expect(await nodes.repeat(LIMIT - 1, 0, null)).toEqual(['401', '401', '401']);
    expect(await nodes.repeat(2, 1, null)).toEqual(['401', '429 later']);
  });

  it('ask the database no more for a caller who is over', async () => {
    const { sub, token } = await addUser(nodes.product);
    await nodes.repeat(LIMIT + 5, 0, token);
    expect(await nodes.product.sql('select points from rate_limits where key like $1', [`%${sub}`])).toEqual([
      { points: LIMIT + 1 },
    ]);
  });
});

describe('without an answer of the database', () => {
  afterEach(askAgain);

  /** A node that counts alone asks the database again for one of the next requests. */
  async function askAgain(): Promise<void> {
    const isAlone = async () => {
      await nodes.repeat(1, 0, await newToken());
      return nodes.said().at(-1)?.includes('each node counts alone') ?? false;
    };
    await expect.poll(isAlone, EVENTUALLY).toBe(false);
  }

  /** Asks once more than the limit, of one node, while the counts cannot be found. */
  async function askWithoutTable(): Promise<readonly string[]> {
    const token = await newToken();
    await nodes.product.sql('alter table rate_limits rename to elsewhere');
    const answers = await nodes.repeat(LIMIT + 1, 0, token);
    await nodes.product.sql('alter table elsewhere rename to rate_limits');
    return answers;
  }

  it('a node holds the limit alone', async () => {
    expect(await askWithoutTable()).toEqual(['200', '200', '200', '200', '429 later']);
  });

  it('a node says once that it counts alone', async () => {
    const before = nodes.said().length;
    await askWithoutTable();
    expect(nodes.said().slice(before)).toEqual([expect.stringContaining('each node counts alone')]);
  });

  it('both hold one limit again once it answers', async () => {
    await askWithoutTable();
    await askAgain();
    const token = await newToken();
    await nodes.repeat(LIMIT, 0, token);
    expect(await nodes.repeat(1, 1, token)).toEqual(['429 later']);
  });

  it('only the first waits for it, and not for long', async () => {
    expect(CIRCUIT_TIMINGS.answerTimeoutMs).toBeLessThanOrEqual(1_000);
    const timings = { rateLimits: { answerTimeoutMs: 100, retryMs: NEVER_MS } };
    await using hasty = await startNodeBeside(nodes.product, { rateLimits: LIMITS }, timings);
    const token = await newToken();
    await withClient(nodes.product.database.ownerUrl, async (owner) => {
      await owner.query('begin; lock table rate_limits in access exclusive mode');
      // All are answered while the table is locked, and no second statement waits for it.
      const answers: string[] = [];
      for (let count = 0; count <= LIMIT; count += 1) answers.push(await hasty.ask(token));
      expect(answers).toEqual(['200', '200', '200', '200', '429 RATE_LIMITED']);
      const waiting = `select from pg_locks where relation = 'rate_limits'::regclass and not granted`;
      expect((await nodes.product.sql(waiting)).length).toBeLessThanOrEqual(1);
    });
  });
});

describe('the counts kept in the database', () => {
  it('go when they have run out, and those under way stay', async () => {
    const { product } = nodes;
    const now = Date.now();
    await product.sql(`insert into rate_limits values ('ran out', 1, $1), ('under way', 1, $2)`, [
      now - 120_000,
      now + 60_000,
    ]);
    const database = createDatabase({
      url: product.database.appUrl,
      poolSize: 1,
      preparedStatements: true,
      timings: PATIENT_DATABASE,
    });
    const client = createRateLimitClient({ database, sweepMs: 10 });
    const keysOf = () => product.sql(`select key from rate_limits where key in ('ran out', 'under way')`);
    await expect.poll(keysOf, EVENTUALLY).toEqual([{ key: 'under way' }]);
    client[Symbol.dispose]();
    await database.close();
  });
});
