import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import type { KeySetTimings } from '../../src/identity/key-set.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { createSigningKey, type KeyServer, type SigningKey, startKeyServer } from '../support/key-server.ts';
import { addUser, toUserClaims } from '../support/people.ts';
import { type Product, toOptions, toOverrides } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

let product: Product;
let sub: string;
let before: SigningKey;
let after: SigningKey;

beforeAll(async () => {
  product = await getSharedProduct();
  sub = (await addUser(product)).sub;
  [before, after] = await Promise.all([createSigningKey('before'), createSigningKey('after')]);
});

type Node = AsyncDisposable & { readonly app: App; readonly keys: KeyServer };

/** A node of its own whose keys come from a server of the test. It knows the key `before`. */
async function startNode(keySet: Partial<KeySetTimings> = {}): Promise<Node> {
  await using parts = new AsyncDisposableStack();
  const keys = parts.use(await startKeyServer());
  keys.publish(before);
  const { userPool, ...options } = toOptions(product.pool, product.database);
  const local = { endpoint: product.pool.endpoint, keySetUrl: keys.url };
  const app = parts.use(
    await createApp({ ...options, userPool: { ...userPool, local } }, toOverrides({ timings: { keySet } })),
  );
  await vi.waitFor(async () => expect(await ask(app, before)).toBe(200), EVENTUALLY);
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

/** Resolves to the reply to the next fetch, with nothing written to it yet. */
const holdAnswer = (keys: KeyServer) => new Promise<ServerResponse>((resolve) => keys.answer(resolve));

function endInTheMiddle(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-length': '999' }).write('{"keys":[', () => reply.destroy());
}

describe('a key set that rotates', () => {
  it('with overlap costs no good token, before, while and after', async () => {
    await using node = await startNode();
    const { app, keys } = node;
    keys.publish(before, after);
    expect(await Promise.all([askMany(app, before), askMany(app, after)])).toEqual([[200], [200]]);
    keys.publish(after);
    expect(await askMany(app, after)).toEqual([200]);
  });

  it('without overlap takes tokens of the new key at once, and then none of the old', async () => {
    await using node = await startNode();
    const { app, keys } = node;
    keys.publish(after);
    expect(await askMany(app, after)).toEqual([200]);
    expect(await askMany(app, before)).toEqual([401]);
  });
});

describe('a key set that goes bad', () => {
  const bad: [string, Parameters<KeyServer['answer']>[0]][] = [
    ['answers slowly', (reply) => reply.end('{}')],
    ['answers with a page', (reply) => reply.setHeader('content-type', 'text/html').end('<html>Sign in</html>')],
    ['answers with no key', (reply) => reply.end('{"keys":[]}')],
    ['answers with an error', (reply) => reply.writeHead(500).end()],
    ['leads elsewhere', (reply) => reply.writeHead(302, { location: 'http://127.0.0.1:9/jwks.json' }).end()],
    ['ends in the middle', (reply) => endInTheMiddle(reply)],
  ];

  let node: Node;
  beforeAll(async () => {
    // A fetch is not given up while a test holds its answer back, and each test may cause one.
    node = await startNode({ fetchTimeoutMs: NEVER_MS, retryMs: 1 });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it.each(bad)('and %s: known keys serve on at once, and no unknown one is let in', async (_, how) => {
    const { app, keys } = node;
    const fetched = holdAnswer(keys);
    const unknown = ask(app, after);
    const reply = await fetched;
    expect(await ask(app, before)).toBe(200);
    how(reply);
    expect([401, 503]).toContain(await unknown);
    expect(await ask(app, before)).toBe(200);
  });

  it('and never answers: the fetch is given up, known keys serve on, and no unknown one is let in', async () => {
    await using hasty = await startNode({ fetchTimeoutMs: 200, retryMs: 50 });
    const { app, keys } = hasty;
    const fetched = holdAnswer(keys);
    const unknown = ask(app, after);
    const givenUp = once(await fetched, 'close');
    expect([401, 503]).toContain(await unknown);
    await givenUp;
    expect(await ask(app, before)).toBe(200);
  });
});
