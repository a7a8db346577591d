import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { TRACING_TIMINGS, type TracingTimings } from '../../src/observability/tracing.ts';
import { NEVER_MS } from '../support/eventually.ts';
import { type CollectedSpan, startOtlpCollector } from '../support/otlp-collector.ts';
import { addUser } from '../support/people.ts';
import { type Product, toOptions, toOverrides } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { signBody, toEvent } from '../support/webhooks.ts';

const SERVER = 2;
const CLIENT = 3;
const RENAME = 'mutation Rename($name: String!) { updateProfile(input: { displayName: $name }) { user { id } } }';

let product: Product;
let token: string;
beforeAll(async () => {
  product = await getSharedProduct();
  token = (await addUser(product)).token;
});

/** A node that asks the database nothing more because the machine is busy. */
const startNode = (tracesUrl: string, tracing: Partial<TracingTimings>) =>
  createApp(
    { ...toOptions(product.pool, product.database), tracesUrl },
    toOverrides({ timings: { tracing, revocations: { staleMs: NEVER_MS } } }),
  );

async function ask({ url }: App, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  await response.text();
  return response;
}

/** What a node sends of what `work` does, flushed by its end. */
async function spansOf(work: (node: App) => Promise<unknown>) {
  await using collector = await startOtlpCollector();
  const node = await startNode(collector.url, { sendTimeoutMs: NEVER_MS, closeTimeoutMs: NEVER_MS });
  await work(node);
  await node.close();
  // At start and every few seconds the product reads its app clients: that is nobody's request.
  const spans = collector.spans();
  return { spans, text: collector.bodies.join(), find: (name: string) => spans.find((span) => span.name === name) };
}

const toTraceparent = (traceId: string, spanId: string, flags = '01') => `00-${traceId}-${spanId}-${flags}`;

describe('the spans of a request', () => {
  it('are its own, the token, the operation and each query, one within the other', async () => {
    const { spans } = await spansOf((node) => ask(node, { query: 'query Who { viewer { profile { email } } }' }));
    const tree = spans.map(({ name, kind, parentSpanId }) => {
      const parent = spans.find(({ spanId }) => spanId === parentSpanId);
      return [name, kind, parent?.name];
    });
    expect(tree).toEqual([
      ['verify token', 1, 'POST /graphql'],
      [expect.stringMatching(/^load-/), CLIENT, 'query'],
      ['query', 1, 'POST /graphql'],
      ['POST /graphql', SERVER, undefined],
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  it('say what it was, in the words of the semantic conventions', async () => {
    const id = randomUUID();
    const { find } = await spansOf((node) =>
      ask(node, { query: 'query Who { viewer { profile { email } } }' }, { 'x-request-id': id }),
    );
    expect(find('POST /graphql')?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'url.path': '/graphql',
      'url.scheme': 'http',
      'tenantry.request_id': id,
    });
    expect(find('query')?.attributes).toEqual({ 'graphql.operation.type': 'query', 'graphql.operation.name': 'Who' });
  });

  it('hold a transaction, and its reach', async () => {
    const { find } = await spansOf((node) => ask(node, { query: RENAME, variables: { name: 'Mia' } }));
    expect(find('transaction')?.attributes).toMatchObject({ 'db.system.name': 'postgresql', 'tenantry.reach': 'SELF' });
  });

  it('hold no token, no variable, no document and no parameter', async () => {
    const name = `secret-${randomUUID()}`;
    const { text, find } = await spansOf(async (node) => {
      await ask(node, { query: RENAME, variables: { name } });
      await ask(node, { query: `mutation { updateProfile(input: { displayName: "${name}" }) { user { id } } }` });
      await fetch(`${node.url}/elsewhere?access_token=${token}`);
    });
    expect(find('GET')?.attributes).not.toHaveProperty('url.path');
    expect(text).not.toContain(name);
    expect(text).not.toMatch(/eyJ|updateProfile|select|elsewhere|access_token/);
  });

  it('say that a token was refused, and not which', async () => {
    const { find, text } = await spansOf((node) => ask(node, {}, { authorization: 'Bearer garbage' }));
    expect(find('verify token')).toMatchObject({ isFailed: true, attributes: { 'error.type': 'InvalidTokenError' } });
    expect(text).not.toContain('garbage');
  });

  it('say which trigger was called', async () => {
    const body = JSON.stringify(toEvent(product, 'PreSignUp_SignUp', { email: 'somebody@acme.test' }));
    const { find, text } = await spansOf((node) =>
      fetch(`${node.url}/triggers/cognito`, { method: 'POST', headers: signBody(body), body }),
    );
    expect(find('POST /triggers/cognito')?.attributes).toMatchObject({ 'tenantry.trigger.source': 'PreSignUp_SignUp' });
    expect(text).not.toContain('somebody');
  });

  it('keep to their own request, when a hundred run at once over few connections', async () => {
    const { spans } = await spansOf((node) =>
      Promise.all(Array.from({ length: 100 }, () => ask(node, { query: '{ viewer { profile { email } } }' }))),
    );
    const sizes = Map.groupBy(spans, ({ traceId }) => traceId);
    expect([...sizes.values()].map((trace) => trace.length)).toEqual(Array.from({ length: 100 }, () => 4));
  });
});

describe('traceparent', () => {
  const toTraceId = () => randomBytes(16).toString('hex');
  const [today, later, unsampled] = [toTraceId(), toTraceId(), toTraceId()];
  const spanId = randomBytes(8).toString('hex');
  const UNSAMPLED = toTraceparent(unsampled, spanId, '00');
  const CONTINUED = [
    ['of today', today, toTraceparent(today, spanId)],
    ['of a later version', later, `01-${later}-${spanId}-01-more`],
  ] as const;
  const NONE = [
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01`,
    'x'.repeat(5_000),
  ];
  const SENT = [UNSAMPLED, ...CONTINUED.map(([, , traceparent]) => traceparent), ...NONE];
  const toRequestId = (traceparent: string) => `traceparent-${SENT.indexOf(traceparent)}`;

  let spans: readonly CollectedSpan[];
  beforeAll(async () => {
    const sendAll = (node: App) =>
      Promise.all(
        SENT.map((traceparent) =>
          ask(node, { query: '{ viewer { kind } }' }, { traceparent, 'x-request-id': toRequestId(traceparent) }),
        ),
      );
    ({ spans } = await spansOf(sendAll));
  });
  /** The span of the request that was sent with it. */
  const find = (traceparent: string) =>
    spans.find(({ attributes }) => attributes['tenantry.request_id'] === toRequestId(traceparent));

  it.each(CONTINUED)('%s is continued', (_, traceId, traceparent) => {
    expect(find(traceparent)).toMatchObject({ name: 'POST /graphql', traceId, parentSpanId: spanId });
  });

  it('that was not sampled is not sent', () => {
    expect(find(UNSAMPLED)).toBeUndefined();
    expect(spans.filter(({ traceId }) => traceId === unsampled)).toEqual([]);
  });

  it.each(NONE)('that is none begins a new trace: %#', (traceparent) => {
    expect(find(traceparent)).toMatchObject({ name: 'POST /graphql' });
    expect(find(traceparent)?.parentSpanId ?? '').toBe('');
    expect(traceparent).not.toContain(find(traceparent)?.traceId);
  });
});

describe('a collector', () => {
  it('that is away costs no request, and the end of the process at most three seconds', async () => {
    const node = await startNode('http://127.0.0.1:1', { closeTimeoutMs: 200 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(node, { query: '{ viewer { kind } }' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await node.close();
    expect(TRACING_TIMINGS.closeTimeoutMs).toBeLessThanOrEqual(3_000);
  });

  it('that never answers holds nothing up for long', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const node = await startNode(url, { sendTimeoutMs: NEVER_MS, closeTimeoutMs: 200 });
    const asked = once(silent, 'connection');
    expect((await ask(node, { query: '{ viewer { kind } }' })).status).toBe(200);
    await node.close();
    const [connection] = await asked;
    expect(connection.destroyed).toBe(false);
    connection.destroy();
    silent.close();
  });
});
