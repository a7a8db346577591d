import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startBeside } from '../support/product.ts';
import { type RawAnswer, type RawRequest, sendRaw, toGraphQL } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const HEALTH = '{ health { status } }';

let product: Product;
/** What a ruled field answers: every refusal below must equal it to the byte. */
let refusal: RawAnswer;

beforeAll(async () => {
  // With Sandbox on: what developers are told must not be told to strangers.
  product = await startBeside(await getSharedProduct(), { app: { sandbox: { demoToken: null } } });
  refusal = await ask(toGraphQL('{ viewer { sub } }'));
});
afterAll(() => product[Symbol.asyncDispose]());

const ask = (request: RawRequest) => sendRaw(product.url, request);
const send = (body: string) => ask({ headers: JSON_TYPE, body });

describe('without a token', () => {
  it.each([
    ['the public field', { query: HEALTH }, { health: { status: 'ok' } }],
    ['it under another name', { query: '{ is: health { up: status } }' }, { is: { up: 'ok' } }],
    ['its type name', { query: '{ health { __typename } }' }, { health: { __typename: 'Health' } }],
    [
      'it through a fragment',
      { query: '{ health { ...F } } fragment F on Health { status }' },
      { health: { status: 'ok' } },
    ],
    [
      'one operation of several',
      { query: `query A ${HEALTH} query B ${HEALTH}`, operationName: 'B' },
      { health: { status: 'ok' } },
    ],
  ])('%s is answered', async (_, body, data) => {
    const { status, text } = await send(JSON.stringify(body));
    expect([status, JSON.parse(text)]).toEqual([200, { data }]);
  });

  it('a ruled field is answered 401', () => {
    expect(refusal.status).toBe(401);
  });

  it.each([
    ['another ruled field', '{ members { totalCount } }'],
    ['an unknown field', '{ nonsense }'],
    ['an unknown field of a public type', '{ health { nonsense } }'],
    ['a suggestion of a name', '{ viewr { sub } }'],
    ['a public field beside a ruled one', '{ health { status } viewer { sub } }'],
    ['a mutation', 'mutation { updateProfile(input: { displayName: "X" }) { user { id } } }'],
    ['a subscription', 'subscription { members { totalCount } }'],
    ['a fragment on a ruled type', '{ health { status } ...F } fragment F on Viewer { sub }'],
    ['a fragment nobody uses on a ruled type', '{ health { status } } fragment F on Viewer { sub }'],
    ['a directive of ours', '{ health @auth { status } }'],
    ['a variable of a type of ours', 'query ($role: MembershipRole) { health { status } }'],
    ['a syntax error', '{ health {'],
    ['no operation', 'fragment F on Health { status }'],
    ['an empty document', ''],
    ['introspection', '{ __schema { types { name } } }'],
    ['introspection of one type', '{ __type(name: "Viewer") { fields { name } } }'],
    ['more tokens than the limit', `{ ${'health { status } '.repeat(600)} }`],
  ])('%s is answered like a ruled field', async (_, query) => {
    expect(await ask(toGraphQL(query))).toEqual(refusal);
  });

  it.each([
    ['no body', ''],
    ['malformed JSON', '{"query": '],
    ['a number', '7'],
    ['null', 'null'],
    ['a batch', JSON.stringify([{ query: HEALTH }])],
    ['no query', '{}'],
    ['a query that is no text', '{"query": {"a": 1}}'],
    ['a persisted query', JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } })],
    ['an operation name that is not there', JSON.stringify({ query: `query A ${HEALTH}`, operationName: 'B' })],
    ['two operations and no name', JSON.stringify({ query: `query A ${HEALTH} query B ${HEALTH}` })],
    ['variables that are no object', JSON.stringify({ query: HEALTH, variables: [1] })],
    [
      'a variable of the wrong type',
      JSON.stringify({ query: `query ($a: Boolean!) { health { status @skip(if: $a) } }`, variables: { a: 'no' } }),
    ],
    ['a prototype in disguise', '{"query": "{ health { status } }", "__proto__": {"x": 1}}'],
    ['100 KB', JSON.stringify({ query: HEALTH, padding: 'x'.repeat(100_000) })],
  ])('a body of %s is answered like a ruled field', async (_, body) => {
    expect(await send(body)).toEqual(refusal);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'a body of type %s is answered like a ruled field',
    async (type) => {
      const body = JSON.stringify({ query: HEALTH });
      expect(await ask({ headers: { 'content-type': type }, body })).toEqual(refusal);
    },
  );

  it('a query over GET is answered like a ruled field', async () => {
    const path = `/graphql?query=${encodeURIComponent(HEALTH)}`;
    expect(await ask({ method: 'GET', path, headers: { 'apollo-require-preflight': '1' } })).toEqual(refusal);
  });

  it('a mutation writes nothing', async () => {
    const before = await product.sql('select * from tenants');
    await ask(toGraphQL('mutation { createTenant(input: { name: "X", slug: "stranger" }) { tenant { id } } }'));
    expect(await product.sql('select * from tenants')).toEqual(before);
  });
});
