import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { addUser, toUserClaims } from '../support/people.ts';
import { type Product, startBeside, toOptions } from '../support/product.ts';
import { sendRaw } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';
import { readFile } from '../unit/house/tree.ts';

let product: Product;
let mia: string;

beforeAll(async () => {
  product = await startBeside(await getSharedProduct(), { app: { metricsPort: 0 } });
  mia = await product.tokenOf('mia@acme.test');
});
afterAll(() => product[Symbol.asyncDispose]());

type Series = ReadonlyMap<string, number>;

/** What a scrape reads, by name and labels. */
async function scrape(): Promise<Series> {
  const text = await (await fetch(String(product.metricsUrl))).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** By how much each of these grows while `work` runs. */
async function growthOf(names: readonly string[], work: () => Promise<unknown>): Promise<readonly number[]> {
  const before = await scrape();
  await work();
  const grown = (after: Series) => names.map((name) => (after.get(name) ?? 0) - (before.get(name) ?? 0));
  // Figures are written once the answer has left.
  await expect.poll(async () => grown(await scrape()).every((growth) => growth > 0), EVENTUALLY).toBe(true);
  return grown(await scrape());
}

const ask = (query: string, token: string | null = mia) => product.query(token, query);

describe('GET /metrics', () => {
  it('is answered in the format of Prometheus, on a listener of its own', async () => {
    const response = await fetch(String(product.metricsUrl));
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(new URL(String(product.metricsUrl)).port).not.toBe(new URL(product.url).port);
  });

  it('is nothing the API answers', async () => {
    expect((await fetch(`${product.url}/metrics`)).status).toBe(404);
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/graphql', 404],
    ['POST', '/metrics', 405],
  ])('is all there is: %s %s is %i', async (method, path, status) => {
    expect((await sendRaw(String(product.metricsUrl), { path, method })).status).toBe(status);
  });

  it('is on no port unless one is named', async () => {
    await using app = await createApp(toOptions(product.pool, product.database));
    expect(app.metricsUrl).toBeNull();
  });

  it('keeps the product from starting where its port is taken', async () => {
    const metricsPort = Number(new URL(product.url).port);
    const start = createApp({ ...toOptions(product.pool, product.database), metricsPort });
    await expect(start).rejects.toThrow(`Port ${metricsPort} is in use. Stop what listens there, or set METRICS_PORT`);
  });
});

describe('the figures', () => {
  it('count answers by route and status, and how long they took', async () => {
    const labels = '{route="/graphql",status="200"}';
    const names = [
      `tenantry_request_duration_seconds_count${labels}`,
      `tenantry_request_duration_seconds_sum${labels}`,
    ];
    const [count, seconds = 0] = await growthOf(names, () => ask('{ viewer { kind } }'));
    expect(count).toBe(1);
    expect(seconds).toBeGreaterThan(0);
  });

  it('count operations by their type', async () => {
    const { token } = await addUser(product);
    const rename = 'mutation { updateProfile(input: { displayName: "Mia" }) { user { id } } }';
    expect(await growthOf(['tenantry_operations_total{type="mutation"}'], () => ask(rename, token))).toEqual([1]);
  });

  it('count errors by code, one a request', async () => {
    const query = '{ tenants { totalCount } more: tenants { totalCount } }';
    expect(await growthOf(['tenantry_errors_total{code="FORBIDDEN"}'], () => ask(query))).toEqual([1]);
  });

  it('count tokens by what became of them', async () => {
    const names = ['verified', 'cached', 'refused'].map((outcome) => `tenantry_tokens_total{outcome="${outcome}"}`);
    const growth = await growthOf(names, async () => {
      const token = await product.pool.signToken(toUserClaims(product, randomUUID()));
      for (const each of [token, token, `${token}x`]) await ask('{ viewer { kind } }', each);
    });
    expect(growth).toEqual([1, 1, 1]);
  });

  it('count triggers by kind and outcome', async () => {
    const event = toEvent(product, 'PreSignUp_SignUp', { email: 'somebody@elsewhere.test' });
    const name = 'tenantry_trigger_duration_seconds_count{trigger="PreSignUp",outcome="refused"}';
    expect(await growthOf([name], () => sendEvent(product, event))).toEqual([1]);
  });

  it('time the database by reach', async () => {
    const name = 'tenantry_database_duration_seconds_count{reach="TENANT"}';
    const [growth = 0] = await growthOf([name], () => ask('{ members { totalCount } }'));
    expect(growth).toBeGreaterThan(0);
  });

  it('show the connections of the database and the age of the keys', async () => {
    const series = await scrape();
    expect(series.get('tenantry_database_connections{state="total"}')).toBeGreaterThan(0);
    expect(series.get('tenantry_database_connections{state="waiting"}')).toBe(0);
    expect(series.get('tenantry_key_set_fetches_total{outcome="ok"}')).toBeGreaterThan(0);
    expect(series.get('tenantry_key_set_age_seconds')).toBeLessThan(600);
  });

  it('count what a limit refused, by which limit', async () => {
    await using app = await createApp({
      ...toOptions(product.pool, product.database),
      metricsPort: 0,
      rateLimits: { callerPerMinute: null, addressPerMinute: 1, store: 'memory' },
    });
    for (const _ of [1, 2]) await fetch(`${app.url}/graphql`, { method: 'POST' });
    const text = await (await fetch(String(app.metricsUrl))).text();
    expect(text).toContain('tenantry_rate_limited_total{by="address"} 1');
  });
});

describe('what callers write', () => {
  const forged = async () => {
    const [head = '', ...rest] = mia.split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString());
    const kid = Buffer.from(JSON.stringify({ ...header, kid: randomUUID() })).toString('base64url');
    return [kid, ...rest].join('.');
  };
  const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'OPTIONS'];

  /** One of each kind of request that a caller can word as he likes. */
  const round = async () => {
    const word = randomUUID().replaceAll('-', '');
    for (const method of METHODS) await sendRaw(product.url, { method, path: `/${word}?${word}` });
    await ask(`query Q${word} { a${word}: viewer { kind } }`);
    await ask(`{ x${word} }`);
    await ask(`{ x${word} }`, null);
    await ask('{ viewer { kind } }', await forged());
    const attributes = { email: `${word}@elsewhere.test` };
    await sendEvent(product, toEvent(product, `PreSignUp_${word}`, attributes));
    await sendEvent(product, toEvent(product, `A${word}_SignUp`, attributes));
  };

  it('makes no series', async () => {
    const ours = async () => [...(await scrape()).keys()].filter((name) => name.startsWith('tenantry_')).sort();
    await round();
    // The last answers' figures are written once they have left.
    await expect.poll(ours, EVENTUALLY).toContainEqual(expect.stringContaining('trigger="other"'));
    const before = await ours();
    for (let count = 0; count < 20; count += 1) await round();
    expect(await ours()).toEqual(before);
  });
});

describe('docs/operations.md', () => {
  it('lists every figure of the product, and no other', async () => {
    const text = await (await fetch(String(product.metricsUrl))).text();
    const exposed = [...text.matchAll(/^# TYPE (tenantry_\w+)/gm)].map(([, name]) => name);
    const listed = [...readFile('docs/operations.md').matchAll(/`(tenantry_\w+)/g)].map(([, name]) => name);
    expect([...new Set(listed)].sort()).toEqual(exposed.sort());
  });
});
