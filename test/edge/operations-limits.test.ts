import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/graphql/limits.ts';
import { codesOf } from '../support/answers.ts';
import { watchAtBest } from '../support/event-loop.ts';
import { HOSTILE_DOCUMENTS } from '../support/hostile-documents/index.ts';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const NO_SUCH_ROLE = 'query ($role: MembershipRole) { members(role: $role) { totalCount } }';

let production: Product;
let development: Product;

beforeAll(async () => {
  const shared = await getSharedProduct();
  production = await startBeside(shared, { app: { limits: { ...DEFAULT_LIMITS, cost: 50, depth: 4 } } });
  development = await startBeside(shared, { app: { sandbox: { demoToken: null } } });
});
afterAll(async () => {
  await production[Symbol.asyncDispose]();
  await development[Symbol.asyncDispose]();
});

const askAsMia = async (product: Product, query: string, variables?: object, headers?: Record<string, string>) =>
  product.query(await product.tokenOf('mia@acme.test'), query, variables, headers);

describe('a refusal for its size', () => {
  const PAGE = 'query ($first: Int!) { members(first: $first) { nodes { id } } }';

  it.each([
    ['of its depth', '{ members(first: 1) { nodes { tenant { id } } } }', undefined, null],
    [
      'of its depth',
      '{ viewer { a { b { c { d } } } } }',
      undefined,
      'The operation is nested 5 deep; at most 4 is allowed.',
    ],
    [
      'of its cost',
      '{ members(first: 49) { nodes { id } } }',
      undefined,
      'The operation costs 51; at most 50 is allowed.',
    ],
    ['of its cost by variable', PAGE, { first: 49 }, 'The operation costs 51; at most 50 is allowed.'],
    ['of its cost by variable', PAGE, { first: 48 }, null],
  ])('%s holds to the limits as configured: %s %j', async (_why, query, variables, refusal) => {
    const { body } = await askAsMia(production, query, variables);
    expect(body.errors?.[0].message ?? null).toBe(refusal);
  });

  it.each([
    ['by validation', '{ viewer { a { b { c { d } } } } }', undefined],
    ['once its variables are known', PAGE, { first: 100 }],
  ])('%s is one error, without data, in the status of its media type', async (_when, query, variables) => {
    const plain = await askAsMia(production, query, variables);
    const strict = await askAsMia(production, query, variables, { accept: 'application/graphql-response+json' });
    expect([plain.status, strict.status]).toEqual([200, 400]);
    expect(codesOf(plain)).toEqual(['OPERATION_LIMIT_EXCEEDED']);
    expect(plain.body).not.toHaveProperty('data');
  });
});

describe('where introspection is on', () => {
  it('the standard query is answered', async () => {
    const { body } = await askAsMia(
      development,
      getIntrospectionQuery({ schemaDescription: true, specifiedByUrl: true, oneOf: true }),
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.__schema.queryType.name).toBe('Query');
  });

  it.each(
    HOSTILE_DOCUMENTS.filter(({ query }) => query.includes('__schema') && query.length > 400).map(({ name, query }) => [
      name,
      query,
    ]),
  )('%s is refused all the same', async (_name, query) => {
    expect(codesOf(await askAsMia(development, query))).toEqual(['OPERATION_LIMIT_EXCEEDED']);
  });

  it.each([
    ['in a document', '{ viewr { sub } }', undefined, 'Did you mean "viewer"?'],
    ['in a variable', NO_SUCH_ROLE, { role: 'OWNR' }, 'Did you mean the enum value "OWNER"?'],
  ])('a mistake %s is told with what may have been meant', async (_where, query, variables, suggestion) => {
    expect((await askAsMia(development, query, variables)).body.errors[0].message).toContain(suggestion);
  });
});

describe('a message', () => {
  it.each([
    ['introspection where it is off', () => askAsMia(production, '{ __schema { types { name } } }')],
    ['a request without a document', () => askAsMia(production, '')],
  ])('about %s is for whoever calls, and names no library', async (_, ask) => {
    expect((await ask()).text).not.toMatch(/apollo|graphql-js|persisted|production/i);
  });

  it('about a request that any page could send names the one header that helps', async () => {
    const authorization = `Bearer ${await production.tokenOf('mia@acme.test')}`;
    const answer = await fetch(`${production.url}/graphql?query={viewer{kind}}`, { headers: { authorization } });
    const message = 'Send the header Apollo-Require-Preflight with a GET.';
    expect(await answer.json()).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('quotes no more of a request than a line or two', async () => {
    const name = 'd'.repeat(50_000);
    const query = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }';
    const answer = await askAsMia(production, query, { input: { [name]: 1 } });
    expect(codesOf(answer)).toContain('BAD_USER_INPUT');
    expect(answer.text.length).toBeLessThan(3_000);
  });
});

describe('where introspection is off', () => {
  it.each([
    ['a field', '{ viewr { sub } }', undefined, 'viewer'],
    ['an argument', '{ members(frist: 1) { totalCount } }', undefined, 'first'],
    ['a type', '{ viewer { ... on Viewr { sub } } }', undefined, 'Viewer'],
    ['a value', '{ members(role: OWNR) { totalCount } }', undefined, 'OWNER'],
    ['a value by variable', NO_SUCH_ROLE, { role: 'OWNR' }, 'OWNER'],
    [
      'an input field by variable',
      'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }',
      { input: { displayName: 'x', displayNam: 'y' } },
      'Did you mean',
    ],
  ])('a mistake in the name of %s is told without the right one', async (_what, query, variables, name) => {
    const answer = await askAsMia(production, query, variables);
    expect(codesOf(answer)[0]).toMatch(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/);
    // The text itself may hold the name, as part of what was sent.
    expect(answer.text).not.toContain(`"${name}`);
    expect(answer.text).not.toContain('Did you mean');
  });
});

describe('a stranger', () => {
  const health = (count: number) =>
    `{ ${Array.from({ length: count }, (_, at) => `a${at}: health { status }`).join(' ')} }`;

  it('is answered up to the limits, and beyond them like any other request', async () => {
    const refusal = (await production.query(null, '{ viewer { sub } }')).text;
    expect((await production.query(null, health(20))).status).toBe(200);
    expect((await production.query(null, health(21))).text).toBe(refusal);
  });

  it('is told nothing but the one 401 for any hostile document, and blocks nobody by it', async () => {
    const refusal = (await production.query(null, '{ viewer { sub } }')).text;
    const unlike: string[] = [];
    for (const { name, query, variables } of HOSTILE_DOCUMENTS) {
      const { result, blockedMs } = await watchAtBest(25, () => production.query(null, query, variables));
      const isPublic = result.status === 200 && Object.values(result.body.data).every((value) => value === 'Query');
      if (blockedMs >= 50 || !(isPublic || result.text === refusal)) unlike.push(name);
    }
    expect(unlike).toEqual([]);
  });
});
