import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AppOptions, AppTimings } from '../../src/app.ts';
import { KEY_SET_TIMINGS } from '../../src/identity/key-set.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { addUser } from '../support/people.ts';
import { type Product, startBeside, toOptions } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { signBody, toEvent } from '../support/webhooks.ts';

const VIEWER = '{ viewer { profile { email } } }';
const RENAME = 'mutation { updateProfile(input: { displayName: "Mia" }) { user { id } } }';

let product: Product;
let token: string;

beforeAll(async () => {
  product = await getSharedProduct();
  ({ token } = await addUser(product));
});

/** A second node of the same product, with one part of it behind a proxy. */
const startNode = (change: (options: AppOptions) => Partial<AppOptions>, timings: AppTimings = {}) =>
  startBeside(product, { app: change(toOptions(product.pool, product.database)), overrides: { timings } });

async function ask({ url }: Pick<Product, 'url'>, query: string, bearer: string | null = token) {
  const headers = { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function readiness({ url }: Pick<Product, 'url'>) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

const liveness = async ({ url }: Pick<Product, 'url'>) => (await fetch(`${url}/livez`)).status;

describe('while the database is away', () => {
  let proxy: TcpProxy;
  let node: Product;
  beforeAll(async () => {
    proxy = await startTcpProxy(product.database.appUrl);
    node = await startNode(({ database }) => ({ database: { ...database, url: proxy.url } }));
    expect((await ask(node, VIEWER)).status).toBe(200);
    await proxy.stop();
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  it.each([
    ['a query', VIEWER],
    ['a mutation', RENAME],
  ])('%s is answered 503, with when to come back and nothing of the cause', async (_, query) => {
    const { status, headers, text } = await ask(node, query);
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('SERVICE_UNAVAILABLE');
    expect(text).not.toMatch(/ECONN|postgres|127\.0\.0\.1|terminated/i);
  });

  it('a trigger is answered 503, so that it is called again', async () => {
    const event = toEvent(product, 'PostConfirmation_ConfirmSignUp', {
      sub: '00000000-0000-4000-8000-000000000001',
      email: 'late@acme.test',
    });
    const body = JSON.stringify(event);
    const response = await fetch(`${node.url}/triggers/cognito`, { method: 'POST', headers: signBody(body), body });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('what needs no row is answered', async () => {
    expect((await ask(node, '{ viewer { sub groups } }')).status).toBe(200);
    expect((await ask(node, '{ health { status } }', null)).status).toBe(200);
  });

  it('the node lives and is not ready', async () => {
    expect(await liveness(node)).toBe(200);
    expect(await readiness(node)).toEqual({ status: 503, body: { status: 'unavailable', missing: ['database'] } });
  });

  it('a hundred at once are refused, and none crashes it', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(node, VIEWER)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  });

  it('and once it is back, everything is answered again', async () => {
    await proxy.start();
    await vi.waitFor(async () => expect((await ask(node, VIEWER)).status).toBe(200), EVENTUALLY);
    expect((await ask(node, RENAME)).status).toBe(200);
    expect(await readiness(node)).toEqual({ status: 200, body: { status: 'ok' } });
  });
});

describe('while the key set is away from the start', () => {
  let proxy: TcpProxy;
  let node: Product;
  beforeAll(async () => {
    proxy = await startTcpProxy(product.pool.jwksUri);
    await proxy.stop();
    node = await startNode(
      ({ userPool }) => ({
        userPool: { ...userPool, local: userPool.local && { ...userPool.local, keySetUrl: proxy.url } },
      }),
      { keySet: { retryMs: 50 } },
    );
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  it('the node lives and is not ready', async () => {
    expect(await liveness(node)).toBe(200);
    expect(await readiness(node)).toEqual({ status: 503, body: { status: 'unavailable', missing: ['key set'] } });
  });

  it('a token is answered 503, for nobody can say whether it is good', async () => {
    const { status, headers } = await ask(node, VIEWER);
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('what is no token at all is answered 401', async () => {
    expect((await ask(node, VIEWER, 'garbage')).status).toBe(401);
  });

  it('and once it is there, the node is ready and tokens are good', async () => {
    expect(KEY_SET_TIMINGS.retryMs).toBeLessThanOrEqual(5_000);
    await proxy.start();
    await vi.waitFor(async () => expect((await ask(node, VIEWER)).status).toBe(200), EVENTUALLY);
    expect((await readiness(node)).status).toBe(200);
  });
});
