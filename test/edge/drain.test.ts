import { beforeAll, describe, expect, it, vi } from 'vitest';
import { DRAIN_TIMINGS } from '../../src/http/edge/drain.ts';
import { STOP_WITHIN_MS } from '../../src/process.ts';
import { startBalancer } from '../support/balancer.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { startLoad } from '../support/load.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { type ProductNode, startNode, startWarmNode } from '../support/start-node.ts';

const KILLED_AFTER_MS = 10_000;
const DRAIN_MS = 200;
const VIEWER = '{ viewer { profile { email } } }';

let product: Product;
let mia: string;
beforeAll(async () => {
  product = await getSharedProduct();
  mia = await product.tokenOf('mia@acme.test');
});

async function ask({ url }: ProductNode, query: string) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${mia}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return { status: response.status, connection: response.headers.get('connection'), text: await response.text() };
}

/** Resolves once a node accepts no more connections. */
const untilShut = ({ url }: ProductNode) =>
  vi.waitFor(() => expect(fetch(`${url}/livez`)).rejects.toThrow(), EVENTUALLY);

describe('on SIGTERM', { timeout: 60_000 }, () => {
  it('/readyz says draining while requests are answered, each the last on its connection', async () => {
    await using node = await startNode(product, { drainMs: DRAIN_MS, holdsDrain: true });
    const stopped = node.stop('SIGTERM');
    await node.until('draining');
    const ready = await fetch(`${node.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect((await fetch(`${node.url}/livez`)).status).toBe(200);
    expect(await ask(node, VIEWER)).toMatchObject({ status: 200, connection: 'close' });
    const begunAt = performance.now();
    node.send('endDrain');
    expect((await stopped).code).toBe(0);
    // The node drains for DRAIN_MS from then on; a timer may fire a fraction of a millisecond early.
    expect(performance.now() - begunAt).toBeGreaterThanOrEqual(DRAIN_MS - 1);
  });

  it('a request that is under way is answered to its end', async () => {
    await using node = await startNode(product);
    const answer = ask(node, '{ hold }');
    await node.until('holding');
    const stopped = node.stop('SIGTERM');
    await untilShut(node);
    node.send('release');
    expect(await answer).toMatchObject({ status: 200, text: '{"data":{"hold":0}}\n' });
    expect((await stopped).code).toBe(0);
  });

  it('a request that hangs is cut, and the process ends within 10 s all the same', async () => {
    await using node = await startNode(product, { timings: { drain: { cutAfterMs: 200 } } });
    const hanging = ask(node, '{ hold }').catch(() => 'cut');
    await node.until('holding');
    expect((await node.stop('SIGTERM')).code).toBe(0);
    expect(await hanging).toBe('cut');
    // The drain cut it: the process did not run into STOP_WITHIN_MS.
    expect(node.logged()).toContain('requests that did not end in time were cut');
    expect(DRAIN_TIMINGS.cutAfterMs).toBeLessThan(STOP_WITHIN_MS);
    expect(STOP_WITHIN_MS).toBeLessThan(KILLED_AFTER_MS);
  });

  it('a second one ends the process at once', async () => {
    await using node = await startNode(product, { drainMs: NEVER_MS });
    const stopped = node.stop('SIGTERM');
    await node.until('draining');
    await node.stop('SIGTERM');
    // A process that drains to the end, or runs into STOP_WITHIN_MS, ends with 0.
    expect((await stopped).code).toBe(1);
  });

  it('again and again under load: no request is dropped', async () => {
    await using parts = new AsyncDisposableStack();
    const balancer = parts.use(await startBalancer());
    const start = async () => parts.use(await startWarmNode(product, mia, { drainMs: DRAIN_MS, holdsDrain: true }));
    let node = await start();
    const others = [await start(), await start()];
    await balancer.add(node.url);
    const load = startLoad({ url: balancer.url, token: mia, queries: [VIEWER, VIEWER, '{ wait(ms: 200) }'] });
    const codes = [];
    for (const next of others) {
      await balancer.add(next.url);
      const stopped = node.stop('SIGTERM');
      await balancer.untilNoticed(node.url);
      node.send('endDrain');
      codes.push((await stopped).code);
      node = next;
    }
    const answers = await load.stop();
    expect([...answers.keys()]).toEqual(['200']);
    expect(codes).toEqual([0, 0]);
  });

  it('and on SIGINT, which a person sends, it ends without waiting for a balancer', async () => {
    await using node = await startNode(product, { drainMs: NEVER_MS });
    expect((await node.stop('SIGINT')).code).toBe(0);
    expect(node.hasSent('draining')).toBe(false);
  });
});
