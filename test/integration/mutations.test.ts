import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { codesOf } from '../support/answers.ts';
import { type Product, startProduct } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '..', '..', 'schema');
// A field of a team's own below what the mutation returns, which most who may call the mutation may not read.
const CLOSED_FIELD = 'extend type Tenant { margin: Int @auth(groups: ["Admins"]) }';
const create = (slug: string, selection: string) =>
  `createTenant(input: { name: "X", slug: "${slug}" }) { ${selection} }`;

let product: Product;

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs(SCHEMA_FOLDER), CLOSED_FIELD];
  const margin = () => 7;
  product = await startProduct({
    overrides: { schema: { typeDefs, resolvers: [...resolvers, { Tenant: { margin } }] } },
  });
});
afterAll(() => product[Symbol.asyncDispose]());

const askAs = async (email: string, query: string, variables?: object) =>
  product.query(await product.tokenOf(email), query, variables);

describe('a mutation with anything in it that the caller may not have', () => {
  it.each([
    ['a field of the answer', `mutation { ${create('refused', 'tenant { id margin }')} }`],
    ['it under another name', `mutation { ${create('refused', 'tenant { id name: margin }')} }`],
    [
      'it in a fragment',
      `mutation { ${create('refused', '...P')} } fragment P on CreateTenantPayload { tenant { margin } }`,
    ],
    [
      'it in a fragment of a fragment',
      `mutation { ${create('refused', 'tenant { ...A }')} }
      fragment A on Tenant { id ...B } fragment B on Tenant { margin }`,
    ],
    ['it in an inline fragment', `mutation { ${create('refused', 'tenant { ... on Tenant { ... { margin } } }')} }`],
    [
      'it where a variable includes it',
      `mutation ($yes: Boolean! = true) { ${create('refused', 'tenant { margin @include(if: $yes) }')} }`,
    ],
    [
      'it where a variable does not skip it',
      `mutation ($no: Boolean! = false) { ${create('refused', 'tenant { margin @skip(if: $no) }')} }`,
    ],
    [
      'a second mutation',
      `mutation { ${create('refused', 'tenant { id }')}
      removeMember(input: { membershipId: "x" }) { membership { id } } }`,
    ],
    [
      'it below the second of two',
      `mutation { one: ${create('refused', 'tenant { id }')}
      two: ${create('refused-too', 'tenant { margin }')} }`,
    ],
  ])('does nothing: %s', async (_, mutation) => {
    const answer = await withoutWriting(product, () => askAs('mia@acme.test', mutation));
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(answer.body).not.toHaveProperty('data');
  });

  it('names the refused field, and not the rule', async () => {
    const mutation = `mutation { made: ${create('refused', 'tenant { sum: margin }')} }`;
    const { body, text } = await askAs('mia@acme.test', mutation);
    expect(body.errors[0].path).toEqual(['made', 'tenant', 'sum']);
    expect(text).not.toContain('Admins');
  });

  it('runs where the refused field is left out by a variable', async () => {
    const mutation = `mutation ($yes: Boolean!) { ${create('left-out', 'tenant { slug margin @include(if: $yes) }')} }`;
    const { body } = await askAs('mia@acme.test', mutation, { yes: false });
    expect(body).toEqual({ data: { createTenant: { tenant: { slug: 'left-out' } } } });
  });

  it('runs for whoever may have it', async () => {
    const { body } = await askAs('root@tenantry.test', `mutation { ${create('allowed', 'tenant { margin }')} }`);
    expect(body).toEqual({ data: { createTenant: { tenant: { margin: 7 } } } });
  });
});

describe('a query with the same field in it', () => {
  it('answers the rest, with null and FORBIDDEN there', async () => {
    const answer = await askAs('mia@acme.test', '{ tenant { slug margin } }');
    expect(answer.body.data).toEqual({ tenant: { slug: 'acme', margin: null } });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });
});

describe('a mutation whose input does not fit', () => {
  it.each([
    ['an unknown input field', 'mutation { updateProfile(input: { displayName: "X", id: "y" }) { user { id } } }', {}],
    ['no input', 'mutation { updateProfile { user { id } } }', {}],
    [
      'a variable of another type',
      'mutation ($n: String!) { updateProfile(input: { displayName: $n }) { user { id } } }',
      { n: { a: 1 } },
    ],
    ['a variable left out', 'mutation ($n: String!) { updateProfile(input: { displayName: $n }) { user { id } } }', {}],
  ])('does nothing: %s', async (_, mutation, variables) => {
    const answer = await withoutWriting(product, () => askAs('mia@acme.test', mutation, variables));
    expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']).toContain(codesOf(answer)[0]);
    expect(answer.body).not.toHaveProperty('data');
  });
});
