import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { codesOf } from '../support/answers.ts';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '..', '..', 'schema');
const JSON_TYPE = { 'content-type': 'application/json' };
const RESPONSE_TYPE = 'application/graphql-response+json';
const ORIGIN = 'https://app.example.com';

let product: Product;
let mia: string;

/** What a resolver of a team's own might do on a bad day. */
const failing = () => {
  throw new Error('secret sql: select password from users');
};

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs(SCHEMA_FOLDER), 'extend type Query { failing: String @auth }'];
  product = await startBeside(await getSharedProduct(), {
    app: { corsOrigins: [ORIGIN] },
    overrides: { schema: { typeDefs, resolvers: [...resolvers, { Query: { failing } }] } },
  });
  mia = await product.tokenOf('mia@acme.test');
});
afterAll(() => product[Symbol.asyncDispose]());

const ask = (query: string, headers?: Record<string, string>, token = mia) =>
  product.query(token, query, undefined, headers);

async function send(init: RequestInit, path = '/graphql') {
  const authorization = `Bearer ${mia}`;
  const response = await fetch(`${product.url}${path}`, {
    method: 'POST',
    ...init,
    headers: { authorization, ...(init.headers as Record<string, string>) },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? null : JSON.parse(text) };
}

describe('the status of an answer', () => {
  const MIXED = '{ viewer { kind } tenants { totalCount } }';
  const FORBIDDEN_MUTATION =
    'mutation { changeMemberRole(input: { membershipId: "x", role: OWNER }) { membership { id } } }';

  it.each([
    ['a query that works', '{ viewer { kind } }', 200, 200],
    ['a query with one field refused', MIXED, 200, 200],
    ['a document that does not parse', '{ viewer', 200, 400],
    ['a document that is not valid', '{ nonsense }', 200, 400],
    ['a mutation refused before it ran', FORBIDDEN_MUTATION, 200, 403],
    ['no document', '', 200, 400],
  ])('to %s', async (_, query, plain, strict) => {
    expect((await ask(query)).status).toBe(plain);
    expect((await ask(query, { accept: RESPONSE_TYPE })).status).toBe(strict);
  });

  it('comes in the media type that was asked for', async () => {
    const { headers } = await ask('{ viewer { kind } }', { accept: RESPONSE_TYPE });
    expect(headers.get('content-type')).toContain(RESPONSE_TYPE);
  });

  it.each([
    ['a body beyond 64 KiB', { headers: JSON_TYPE, body: JSON.stringify({ query: ' '.repeat(65_536) }) }, 413],
    ['text/plain', { headers: { 'content-type': 'text/plain' }, body: '{"query":"{ viewer { kind } }"}' }, 415],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query=%7Bviewer%7Bkind%7D%7D' },
      415,
    ],
    ['malformed JSON', { headers: JSON_TYPE, body: '{"query":' }, 400],
    ['a batch', { headers: JSON_TYPE, body: '[{"query":"{ viewer { kind } }"}]' }, 400],
  ])('to %s', async (_, init, status) => {
    const answer = await send(init);
    expect(answer.status).toBe(status);
    expect(codesOf(answer)).toEqual([status === 413 ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST']);
  });

  it('to an address where nothing is', async () => {
    const answer = await send({}, '/nowhere');
    expect([answer.status, codesOf(answer)]).toEqual([404, ['NOT_FOUND']]);
  });

  it('to a mutation over GET, which is not run', async () => {
    const query = 'mutation { updateProfile(input: { displayName: "By GET" }) { user { id } } }';
    const headers = { 'apollo-require-preflight': '1' };
    const answer = await send({ method: 'GET', headers }, `/graphql?query=${encodeURIComponent(query)}`);
    expect(answer.status).toBe(405);
    expect(await product.sql("select id from users where display_name = 'By GET'")).toEqual([]);
  });

  it('to a simple request a foreign page could send, which is not run', async () => {
    const answer = await send({ method: 'GET' }, `/graphql?query=${encodeURIComponent('{ viewer { kind } }')}`);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_REQUEST']]);
  });
});

describe('X-Request-Id', () => {
  it("keeps a client's own", async () => {
    const { headers } = await ask('{ viewer { kind } }', { 'x-request-id': 'Abc-123' });
    expect(headers.get('x-request-id')).toBe('Abc-123');
  });

  it.each([
    ['none was given', undefined],
    ['it is too long', 'a'.repeat(65)],
    ['it holds other characters', 'a b'],
    ['it would forge a log line', 'a"}{"b'],
  ])('is made where %s', async (_, given) => {
    const { headers } = await ask('{ viewer { kind } }', given === undefined ? {} : { 'x-request-id': given });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('is on refusals and on addresses where nothing is', async () => {
    const headers = { 'x-request-id': 'kept' };
    expect((await ask('{ viewer { kind } }', headers, 'garbage')).headers.get('x-request-id')).toBe('kept');
    expect((await send({ headers }, '/nowhere')).headers.get('x-request-id')).toBe('kept');
  });

  it('is never in the body, so that bodies can be compared', async () => {
    const answers = [await ask('{ nonsense }'), await ask('{ nonsense }')];
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });
});

describe('an error nobody foresaw', () => {
  it('is answered without its text and its stack', async () => {
    const answer = await ask('{ viewer { kind } failing }');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ data: { viewer: { kind: 'USER' }, failing: null } });
    expect(codesOf(answer)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(answer.text).not.toMatch(/secret|sql|password|node_modules|\.ts|stack/i);
  });
});

describe('mistakes in a document', () => {
  it('are told without naming what else exists', async () => {
    const answer = await ask('{ viewr { sub } }');
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(answer.text).not.toContain('viewer');
  });

  it('are told three at most', async () => {
    const { errors } = (await ask('{ a b c d e f g h }')).body;
    expect(errors.length).toBeLessThanOrEqual(4);
  });

  it('are told as such for variables', async () => {
    const answer = await product.query(mia, 'query ($first: Int!) { members(first: $first) { totalCount } }', {
      first: 'many',
    });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });

  it('are told as a limit for too many tokens', async () => {
    expect(codesOf(await ask(`{ ${'viewer { kind } '.repeat(600)} }`))).toEqual(['OPERATION_LIMIT_EXCEEDED']);
  });

  it('may not be introspection where it is off', async () => {
    expect(codesOf(await ask('{ __schema { types { name } } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('may not be a persisted query in place of one', async () => {
    const body = '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}';
    expect(codesOf(await send({ headers: JSON_TYPE, body }))).toEqual(['BAD_REQUEST']);
  });

  it('may not be a subscription', async () => {
    expect(codesOf(await ask('subscription { members { totalCount } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('browsers of other origins', () => {
  const preflight = (origin: string) =>
    fetch(`${product.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  it('may call from a configured one', async () => {
    expect((await preflight(ORIGIN)).headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it.each(['https://evil.example.com', 'https://app.example.com.evil.com', 'null'])(
    'may not from %s',
    async (origin) => {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});
