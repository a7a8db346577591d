import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../support/app-process.ts';
import { startLoad } from '../support/load.ts';
import { type Product, startProduct, toOptions } from '../support/product.ts';
import { measureRevocations, quantile } from '../support/revocations.ts';

const COUNT = 1_200;
const MINUTES = 60_000;

let product: Product;
let node: AppProcess;

beforeAll(async () => {
  product = await startProduct();
  const { log: _, ...options } = toOptions(product.pool, product.database);
  node = await startAppProcess(options);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await product[Symbol.asyncDispose]();
});

describe(`${COUNT} sessions signed out at one node, under load`, () => {
  it(
    'are refused by another within 250 ms, 99 of 100, and every one within a second',
    async () => {
      const token = await product.tokenOf('mia@acme.test');
      const load = startLoad({
        url: node.url,
        token,
        queries: Array.from({ length: 16 }, () => '{ members { totalCount } }'),
      });
      const { delaysMs } = await measureRevocations(product, node.url, { count: COUNT, abreast: 8 });
      const ends = await load.stop();
      const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => quantile(delaysMs, share));
      process.stdout.write(
        `${delaysMs.length} revocations: p50 ${p50?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms, longest ${longest?.toFixed(1)} ms, ` +
          `beside ${JSON.stringify([...ends])} other requests\n`,
      );
      expect(delaysMs.length).toBeGreaterThanOrEqual(1_000);
      expect(p99).toBeLessThanOrEqual(250);
      expect(longest).toBeLessThanOrEqual(1_000);
    },
    10 * MINUTES,
  );
});
