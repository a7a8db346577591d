import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { createSigningKey, type KeyServer, type SigningKey, startKeyServer } from '../support/key-server.ts';
import { addUser, toUserClaims } from '../support/people.ts';
import { type Product, startProduct, toOptions } from '../support/product.ts';

// The key set is asked again within 5 s; the answer and the next poll come after that.
const RECOVERY_MS = 6_000;
const SLOWLY_MS = 4_000;
// Far below the time the key set takes: a good token waited for nobody.
const AT_ONCE_MS = 1_500;

let product: Product;
let sub: string;
let before: SigningKey;
let after: SigningKey;

beforeAll(async () => {
  product = await startProduct();
  sub = (await addUser(product)).sub;
  [before, after] = await Promise.all([createSigningKey('before'), createSigningKey('after')]);
});
afterAll(() => product[Symbol.asyncDispose]());

/** A node of its own whose keys come from a server of the test. */
async function startNode(): Promise<AsyncDisposable & { readonly app: App; readonly keys: KeyServer }> {
  await using parts = new AsyncDisposableStack();
  const keys = parts.use(await startKeyServer());
  keys.publish(before);
  const { userPool, ...options } = toOptions(product.pool, product.database);
  const local = { endpoint: product.pool.endpoint, keySetUrl: keys.url };
  const app = parts.use(await createApp({ ...options, userPool: { ...userPool, local } }));
  const opened = parts.move();
  return { app, keys, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function ask({ url }: App, key: SigningKey): Promise<number> {
  const authorization = `Bearer ${await key.sign(toUserClaims(product, sub))}`;
  const headers = { 'content-type': 'application/json', authorization };
  const body = JSON.stringify({ query: '{ viewer { sub } }' });
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).status;
}

const askMany = (app: App, key: SigningKey) =>
  Promise.all(Array.from({ length: 50 }, () => ask(app, key))).then((statuses) => [...new Set(statuses)]);

describe('a key set that rotates', () => {
  it('with overlap costs no good token, before, while and after', async () => {
    await using node = await startNode();
    const { app, keys } = node;
    await vi.waitFor(async () => expect(await ask(app, before)).toBe(200), RECOVERY_MS);
    keys.publish(before, after);
    expect(await Promise.all([askMany(app, before), askMany(app, after)])).toEqual([[200], [200]]);
    keys.publish(after);
    expect(await askMany(app, after)).toEqual([200]);
  });

  it('without overlap takes tokens of the new key at once, and then none of the old', async () => {
    await using node = await startNode();
    const { app, keys } = node;
    await vi.waitFor(async () => expect(await ask(app, before)).toBe(200), RECOVERY_MS);
    keys.publish(after);
    expect(await askMany(app, after)).toEqual([200]);
    expect(await askMany(app, before)).toEqual([401]);
  });
});

describe('a key set that goes bad', () => {
  const bad: [string, Parameters<KeyServer['answer']>[0]][] = [
    ['answers slowly', (reply) => setTimeout(() => reply.end('{}'), SLOWLY_MS)],
    ['answers with a page', (reply) => reply.setHeader('content-type', 'text/html').end('<html>Sign in</html>')],
    ['answers with no key', (reply) => reply.end('{"keys":[]}')],
    ['answers with an error', (reply) => reply.writeHead(500).end()],
    ['leads elsewhere', (reply) => reply.writeHead(302, { location: 'http://127.0.0.1:9/jwks.json' }).end()],
    ['ends in the middle', (reply) => reply.writeHead(200, { 'content-length': '999' }).end('{"keys":[')],
  ];

  it.each(bad)('and %s: known keys serve on at once, and no unknown one is let in', async (_, how) => {
    await using node = await startNode();
    const { app, keys } = node;
    await vi.waitFor(async () => expect(await ask(app, before)).toBe(200), RECOVERY_MS);
    keys.answer(how);
    const unknown = ask(app, after);
    const begun = performance.now();
    expect(await ask(app, before)).toBe(200);
    expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS);
    expect([401, 503]).toContain(await unknown);
    expect(await ask(app, before)).toBe(200);
  });
});
