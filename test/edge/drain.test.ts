import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBalancer } from '../support/balancer.ts';
import { startLoad, toDropped } from '../support/load.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type ProductNode, startNode, startWarmNode } from '../support/start-node.ts';

const EXIT_MS = 10_000;
const VIEWER = '{ viewer { profile { email } } }';

let product: Product;
let mia: string;
beforeAll(async () => {
  product = await startProduct();
  mia = await product.tokenOf('mia@acme.test');
});
afterAll(() => product[Symbol.asyncDispose]());

async function ask({ url }: ProductNode, query: string) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${mia}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return { status: response.status, connection: response.headers.get('connection'), text: await response.text() };
}

/** A moment into the stop: the signal has arrived, and the time to drain is not over. */
const shortly = () => sleep(300);

// One after another: six nodes that start at once on a busy machine do not all get an answer of the database in time.
describe('on SIGTERM', { timeout: 60_000 }, () => {
  it('/readyz says draining while requests are answered, each the last on its connection', async () => {
    await using node = await startNode(product, { drainMs: 1_500 });
    const stopped = node.stop('SIGTERM');
    await shortly();
    const ready = await fetch(`${node.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect((await fetch(`${node.url}/livez`)).status).toBe(200);
    expect(await ask(node, VIEWER)).toMatchObject({ status: 200, connection: 'close' });
    const { code, ms } = await stopped;
    expect([code, ms >= 1_500, ms < EXIT_MS]).toEqual([0, true, true]);
  });

  it('a request that is under way is answered to its end', async () => {
    await using node = await startNode(product);
    const answer = ask(node, '{ wait(ms: 1500) }');
    await shortly();
    const stopped = node.stop('SIGTERM');
    expect(await answer).toMatchObject({ status: 200, text: '{"data":{"wait":1500}}\n' });
    expect((await stopped).code).toBe(0);
  });

  it('a request that hangs is cut, and the process ends within 10 s all the same', async () => {
    await using node = await startNode(product);
    const hanging = ask(node, '{ hang }').catch(() => 'cut');
    await shortly();
    const { code, ms } = await node.stop('SIGTERM');
    expect([code, ms < EXIT_MS]).toEqual([0, true]);
    expect(await hanging).toBe('cut');
  });

  it('a second one ends the process at once', async () => {
    await using node = await startNode(product, { drainMs: 8_000 });
    const stopped = node.stop('SIGTERM');
    await shortly();
    await node.stop('SIGTERM');
    const { code, ms } = await stopped;
    expect([code, ms < 4_000]).toEqual([1, true]);
  });

  it('again and again under load: no request is dropped', async () => {
    await using balancer = await startBalancer();
    const start = async () => {
      const node = await startWarmNode(product, mia, { drainMs: 500 });
      await balancer.add(node.url);
      return node;
    };
    let node = await start();
    const load = startLoad({ url: balancer.url, token: mia, queries: [VIEWER, VIEWER, '{ wait(ms: 200) }'] });
    const ends = [];
    for (let round = 0; round < 3; round += 1) {
      const next = await start();
      ends.push(await node.stop('SIGTERM'));
      node = next;
    }
    const answers = await load.stop();
    await node.stop('SIGKILL');
    expect(toDropped(answers)).toEqual([]);
    expect(answers.get('503') ?? 0).toBeLessThan((answers.get('200') ?? 0) / 50);
    expect(ends.map(({ code, ms }) => [code, ms < EXIT_MS])).toEqual(ends.map(() => [0, true]));
  });

  it('and on SIGINT, which a person sends, it ends without waiting for a balancer', async () => {
    await using node = await startNode(product, { drainMs: 8_000 });
    const { code, ms } = await node.stop('SIGINT');
    expect([code, ms < 4_000]).toEqual([0, true]);
  });
});
