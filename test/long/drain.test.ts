import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBalancer } from '../support/balancer.ts';
import { startLoad, toDropped } from '../support/load.ts';
import { type Product, startProduct } from '../support/product.ts';
import { startWarmNode } from '../support/start-node.ts';

const ROUNDS = 30;
const EXIT_MS = 10_000;
const MINUTES = 60_000;
const VIEWER = '{ viewer { profile { email } } }';
const RENAME = 'mutation { updateProfile(input: { displayName: "Mia" }) { user { id } } }';
const QUERIES = [VIEWER, VIEWER, VIEWER, RENAME, '{ wait(ms: 20) }', '{ wait(ms: 200) }', '{ wait(ms: 900) }'];

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product[Symbol.asyncDispose]());

describe(`${ROUNDS} nodes replaced one after another under load`, () => {
  it(
    'drop no request, and each ends within 10 s',
    async () => {
      await using balancer = await startBalancer();
      const token = await product.tokenOf('mia@acme.test');
      const start = async () => {
        const node = await startWarmNode(product, token, { drainMs: 500, poolSize: 2 * QUERIES.length });
        await balancer.add(node.url);
        return node;
      };
      let node = await start();
      const load = startLoad({ url: balancer.url, token, queries: QUERIES });
      const ends = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const next = await start();
        ends.push(await node.stop('SIGTERM'));
        node = next;
      }
      const answers = await load.stop();
      await node.stop('SIGKILL');
      const slowest = Math.max(...ends.map(({ ms }) => ms));
      process.stdout.write(`${ROUNDS} SIGTERMs, answers: ${format(answers)}, slowest exit ${slowest.toFixed(0)} ms\n`);
      expect(toDropped(answers)).toEqual([]);
      expect(answers.get('503') ?? 0).toBeLessThan((answers.get('200') ?? 0) / 50);
      expect(new Set(ends.map(({ code }) => code))).toEqual(new Set([0]));
      expect(slowest).toBeLessThan(EXIT_MS);
    },
    10 * MINUTES,
  );
});

function format(answers: ReadonlyMap<string, number>): string {
  return [...answers].map(([end, count]) => `${count} of ${end}`).join(', ');
}
