import { randomUUID } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addUser } from '../support/people.ts';
import type { Answer, Product } from '../support/product.ts';
import { sendRaw } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const QUERY = '{ viewer { kind } }';
const BODY = JSON.stringify({ query: QUERY });
const JSON_TYPE = 'application/json';
const NAME = `Renamed ${randomUUID()}`;
const RENAME = JSON.stringify({
  query: `mutation { updateProfile(input: { displayName: "${NAME}" }) { user { displayName } } }`,
});

let product: Product;
let token: string;

beforeAll(async () => {
  product = await getSharedProduct();
  ({ token } = await addUser(product));
});

type Sent = { readonly headers?: Record<string, string>; readonly body: string | Uint8Array<ArrayBuffer> };

async function send(
  { headers = { 'content-type': JSON_TYPE }, body }: Sent,
  bearer: string | null = token,
): Promise<Answer> {
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, ...(bearer !== null && { authorization: `Bearer ${bearer}` }) },
    // As bytes: fetch names a type of its own for text.
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

const typed = (type: string) => ({ headers: { 'content-type': type }, body: BODY });
const encoded = (coding: string, body: Buffer) => ({
  headers: { 'content-type': JSON_TYPE, 'content-encoding': coding },
  body: new Uint8Array(body),
});
const wasRenamed = async () => (await product.sql('select 1 from users where display_name = $1', [NAME])).length > 0;

describe('a body', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; Charset="utf-8"',
  ])('of type %s is read', async (type) => {
    expect((await send(typed(type))).body).toEqual({ data: { viewer: { kind: 'USER' } } });
  });

  it.each([
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-7',
    'application/json; charset="utf-8"; charset=utf-16',
    'application/json; charset=',
    'application/json, text/plain',
    'application/graphql',
    'application/graphql-response+json',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/json',
    'application',
    '*/*',
  ])('of type %s is refused with what would be taken', async (type) => {
    const answer = await send(typed(type));
    expect([answer.status, codesOf(answer)]).toEqual([415, ['BAD_REQUEST']]);
    expect(answer.body.errors[0].message).toBe('Send the body as application/json, in UTF-8.');
  });

  it('of no type is refused', async () => {
    const answer = await send({ headers: {}, body: BODY });
    expect([answer.status, codesOf(answer)]).toEqual([415, ['BAD_REQUEST']]);
  });

  it('of two types is refused', async () => {
    const authorization = `Bearer ${token}`;
    const headers = { authorization, 'content-type': [JSON_TYPE, 'text/plain'] };
    expect((await sendRaw(product.url, { headers, body: BODY })).status).toBe(415);
  });

  it.each([
    ['gzip', encoded('gzip', gzipSync(BODY))],
    ['deflate', encoded('deflate', deflateSync(BODY))],
    ['br', encoded('br', brotliCompressSync(BODY))],
    ['a coding nobody knows', encoded('zip64', Buffer.from(BODY))],
    ['two codings', encoded('identity, gzip', gzipSync(BODY))],
    ['a coding that only claims to be one', encoded('gzip', Buffer.from(BODY))],
    ['gzip of 40 MB in 40 KB', encoded('gzip', gzipSync(Buffer.alloc(40 * 1024 * 1024, 'x')))],
  ])('in %s is refused, and nothing inflated', async (_coding, sent) => {
    const answer = await send(sent);
    expect([answer.status, codesOf(answer)]).toEqual([415, ['BAD_REQUEST']]);
    expect(answer.headers.get('accept-encoding')).toBe('identity');
  });

  it.each([
    [
      'bytes that are no UTF-8',
      Uint8Array.from([...Buffer.from('{"query":"{ viewer { kind } } #'), 0xff, 0xfe, 0x22, 0x7d]),
    ],
    ['a character cut in half', Uint8Array.from([...Buffer.from('{"query":"{ viewer { kind } } #'), 0xc3, 0x22, 0x7d])],
    ['UTF-16', new Uint8Array(Buffer.from(BODY, 'utf16le'))],
    ['a byte order mark', new Uint8Array(Buffer.from(`\uFEFF${BODY}`))],
    ['nothing', ''],
    ['half a body', BODY.slice(0, -1)],
    ['two bodies', BODY + BODY],
    ['JSON with a comment', `${BODY} // comment`],
    ['a batch', `[${BODY},${BODY}]`],
    ['an empty batch', '[]'],
    ['null', 'null'],
    ['a text', '"{ viewer { kind } }"'],
    ['an object without members', '{}'],
    ['a query that is a number', '{"query":7}'],
    ['a query that is null', '{"query":null}'],
    ['a query that is a parsed document', '{"query":{"kind":"Document","definitions":[]}}'],
    ['a query in a list', `{"query":["${QUERY}"]}`],
    ['variables that are a list', `{"query":"${QUERY}","variables":[1]}`],
    ['variables that are a text', `{"query":"${QUERY}","variables":"{}"}`],
    ['an operation name that is an object', `{"query":"${QUERY}","operationName":{}}`],
    ['extensions that are a list', `{"query":"${QUERY}","extensions":[]}`],
    ['a member nobody knows', `{"query":"${QUERY}","isAdmin":true}`],
    ['a member with another spelling', `{"qeury":"${QUERY}"}`],
    ['the query twice', `{"query":"${QUERY}","query":"{ health { status } }"}`],
    ['the query twice, once escaped', `{"query":"${QUERY}","\\u0071uery":"{ health { status } }"}`],
    ['a variable twice', `{"query":"${QUERY}","variables":{"a":1,"a":2}}`],
    ['a prototype', `{"query":"${QUERY}","__proto__":{"isAdmin":true}}`],
    ['a prototype in its variables', `{"query":"${QUERY}","variables":{"a":{"__proto__":{"isAdmin":true}}}}`],
    ['lists 50 in each other', `{"query":"${QUERY}","variables":{"a":${'['.repeat(50)}${']'.repeat(50)}}}`],
    ['lists 30 000 in each other', `{"query":"${QUERY}","variables":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`],
    ['objects 9 000 in each other', `{"query":"${QUERY}","variables":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`],
    ['a persisted query in place of one', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}'],
  ])('of %s is refused', async (_what, body) => {
    const answer = await send({ body });
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_REQUEST']]);
  });

  it.each([
    ['10 MB of variables', `{"query":"${QUERY}","variables":{"a":"${'x'.repeat(10 * 1024 * 1024)}"}}`],
    ['lists 50 000 in each other', `{"query":"${QUERY}","variables":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`],
  ])('of %s is refused unread', async (_what, body) => {
    // The answer may come, and the connection end, before everything is sent.
    const answer = await send({ body }).catch(() => null);
    expect(answer === null ? 'PAYLOAD_TOO_LARGE' : codesOf(answer)[0]).toBe('PAYLOAD_TOO_LARGE');
    expect((await send({ body: BODY })).status).toBe(200);
  });

  it('that is refused has done nothing', async () => {
    await send({ headers: { 'content-type': 'text/plain' }, body: RENAME });
    await send(encoded('gzip', gzipSync(RENAME)));
    await send({ body: `[${RENAME}]` });
    expect(await wasRenamed()).toBe(false);
  });
});

describe('a method', () => {
  const ask = (method: string, path = '/graphql', headers = {}) =>
    sendRaw(product.url, { method, path, headers: { authorization: `Bearer ${token}`, ...headers } });

  it.each(['HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE'])(
    'of %s is refused with those that are answered',
    async (method) => {
      const { status, headers } = await ask(method);
      expect(status).toBe(405);
      expect(headers).toContain('allow: GET, POST');
    },
  );

  it('of GET runs no mutation, and names the one that does', async () => {
    const path = `/graphql?query=${encodeURIComponent(JSON.parse(RENAME).query)}`;
    const { status, headers } = await ask('GET', path, { 'apollo-require-preflight': '1' });
    expect(status).toBe(405);
    expect(headers).toContain('allow: POST');
    expect(await wasRenamed()).toBe(false);
  });

  it.each([
    ['two queries', 'query=%7Bviewer%7Bkind%7D%7D&query=%7Bviewer%7Bsub%7D%7D'],
    ['variables that are no JSON', 'query=%7Bviewer%7Bkind%7D%7D&variables=%7B'],
    ['variables that are a list', 'query=%7Bviewer%7Bkind%7D%7D&variables=%5B%5D'],
    ['no query', 'operationName=A'],
    ['bytes that are no UTF-8', 'query=%ff%fe'],
    ['half an escape', 'query=%7'],
  ])('of GET with %s is refused', async (_what, search) => {
    const { status, text } = await ask('GET', `/graphql?${search}`, {
      'apollo-require-preflight': '1',
      accept: 'application/graphql-response+json',
    });
    expect(status).toBe(400);
    expect(JSON.parse(text).errors[0].extensions.code).toMatch(/^(BAD_REQUEST|GRAPHQL_PARSE_FAILED)$/);
  });

  it.each(['a b', '[', 'x:y:z', '%', '<script>', '\u00e4'])('to the host %s is answered all the same', async (host) => {
    const headers = { host, 'apollo-require-preflight': '1' };
    const { status } = await ask('GET', '/graphql?query=%7Bviewer%7Bkind%7D%7D', headers);
    expect(status).toBeLessThan(500);
  });
});

describe('what a caller accepts', () => {
  const RESPONSE_TYPE = 'application/graphql-response+json';
  const typeFor = async (accept: string, query = QUERY) => {
    const { status, headers } = await product.query(token, query, undefined, { accept });
    return [status, headers.get('content-type')?.split(';')[0]];
  };

  it.each([
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    [RESPONSE_TYPE, RESPONSE_TYPE],
    [`${RESPONSE_TYPE}; charset=utf-8, ${JSON_TYPE}; charset=utf-8`, RESPONSE_TYPE],
    [`${JSON_TYPE}, ${RESPONSE_TYPE}`, JSON_TYPE],
    [`${JSON_TYPE};q=0.5, ${RESPONSE_TYPE};q=0.9`, RESPONSE_TYPE],
    [`${RESPONSE_TYPE};q=0`, JSON_TYPE],
    [`text/event-stream, multipart/mixed, ${JSON_TYPE}`, JSON_TYPE],
    ['text/html', JSON_TYPE],
    ['nonsense;q=x', JSON_TYPE],
  ])('as %s is answered as %s', async (accept, type) => {
    expect(await typeFor(accept)).toEqual([200, type]);
  });

  it('decides the status of a refusal with the type, by which the client will read it', async () => {
    const accept = `${JSON_TYPE}, ${RESPONSE_TYPE};q=0.5`;
    expect(await typeFor(accept, '{ nonsense }')).toEqual([200, JSON_TYPE]);
    expect(await typeFor(RESPONSE_TYPE, '{ nonsense }')).toEqual([400, RESPONSE_TYPE]);
  });

  it('never turns a mutation that was done into a refusal', async () => {
    const headers = { 'content-type': JSON_TYPE, accept: 'image/png' };
    const answer = await send({ headers, body: RENAME });
    expect([answer.status, await wasRenamed()]).toEqual([200, true]);
  });
});

describe('without a good token', () => {
  it.each([
    ['text/plain', typed('text/plain')],
    ['another charset', typed('application/json; charset=utf-16')],
    ['gzip', encoded('gzip', gzipSync(BODY))],
    ['a batch', { body: `[${BODY}]` }],
    ['a member nobody knows', { body: `{"query":"${QUERY}","isAdmin":true}` }],
    ['lists in lists', { body: `{"query":"${QUERY}","variables":{"a":${'['.repeat(9_000)}${']'.repeat(9_000)}}}` }],
    ['bytes that are no UTF-8', { body: Uint8Array.from([0xff]) }],
  ])('%s is answered like any other request', async (_what, sent) => {
    const ruled = await send({ body: BODY }, null);
    const stranger = await send(sent, null);
    expect([stranger.status, stranger.text]).toEqual([401, ruled.text]);
    expect((await send(sent, 'garbage')).status).toBe(401);
  });
});
