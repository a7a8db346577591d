import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

// Tests connect from 127.0.0.1. What address a request counts as shows where addresses are counted.
const ONE_A_MINUTE = { callerPerMinute: null, addressPerMinute: 1, store: 'memory' };
const VISITOR = '203.0.113.7';

const startBehind = async (...trustedProxies: string[]) =>
  startBeside(await getSharedProduct(), { app: { trustedProxies, rateLimits: ONE_A_MINUTE } });

/** The status of a stranger's request that says it was forwarded for these. */
async function ask({ url }: Product, forwardedFor: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': forwardedFor };
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{}' })).status;
}

describe('with no proxy trusted', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startBehind();
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it('nobody gets another address by naming one', async () => {
    expect([await ask(product, '198.51.100.1'), await ask(product, '198.51.100.2')]).toEqual([401, 429]);
  });

  it('nobody came by https by saying so', async () => {
    const { headers } = await fetch(`${product.url}/livez`, { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

describe('with another proxy trusted than the peer', () => {
  it('what the peer forwards is not believed', async () => {
    await using product = await startBehind('10.0.0.0/8');
    expect([await ask(product, '198.51.100.1'), await ask(product, '198.51.100.2')]).toEqual([401, 429]);
    const { headers } = await fetch(`${product.url}/livez`, { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

describe('behind trusted proxies', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startBehind('127.0.0.0/8', '10.0.0.0/8');
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it('each address forwarded is its own', async () => {
    expect([await ask(product, '198.51.100.1'), await ask(product, '198.51.100.2')]).toEqual([401, 401]);
  });

  it('the last hop that is not a proxy is the caller, whatever he claims came before', async () => {
    expect(await ask(product, `192.0.2.1, ${VISITOR}, 10.1.2.3`)).toBe(401);
    expect(await ask(product, `192.0.2.2, ${VISITOR}, 10.9.9.9, 10.1.2.3`)).toBe(429);
  });

  it('a caller who came by https is bound to it', async () => {
    const { headers } = await fetch(`${product.url}/livez`, { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('a caller who did not is not, though a proxy before the last says so', async () => {
    const { headers } = await fetch(`${product.url}/livez`, { headers: { 'x-forwarded-proto': 'https, http' } });
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});
