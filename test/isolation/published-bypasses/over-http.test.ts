import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../../support/answers.ts';
import { idsOf, toMachineClaims } from '../../support/people.ts';
import { type Answer, type Product, startBeside } from '../../support/product.ts';
import { getSharedProduct } from '../../support/shared-product.ts';
import { withoutWriting } from '../../support/tables.ts';
import { type Calls, withPlantedNouns } from './planted-nouns.ts';

const calls: Calls = [];

let product: Product;
let mia: string;
let root: string;
beforeAll(async () => {
  product = await startBeside(await getSharedProduct(), { overrides: { schema: withPlantedNouns(calls) } });
  [mia, root] = await Promise.all([product.tokenOf('mia@acme.test'), product.tokenOf('root@tenantry.test')]);
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(() => void calls.splice(0));

const pathsOf = ({ body }: Answer) =>
  (body.errors ?? []).map(({ path }: { path?: readonly (string | number)[] }) => path?.join('.'));

describe('a published bypass, tried on the product as a query', () => {
  it.each([
    ['GHSA-mx7m-j9xf-62hw', '{ box { ... on Vault { code } } }', 'box'],
    ['CVE-2026-19869', '{ leaf { secret } }', 'leaf.secret'],
    ['AppSync #275', '{ leaf { deep { secret } } }', 'leaf.deep.secret'],
    ['mercurius-auth #98', '{ find { ... on Vault { code } } }', 'find'],
    ['Pothos #1763', '{ box { label } }', 'box'],
    ['NestJS #295', '{ leaf { again: secret } }', 'leaf.again'],
  ])('%s is FORBIDDEN at its path, and the closed resolver never ran', async (_id, query, path) => {
    const answer = await product.query(mia, query);
    expect([codesOf(answer), pathsOf(answer)]).toEqual([['FORBIDDEN'], [path]]);
    expect(answer.text).not.toContain('top secret');
    expect(calls).not.toContain('code');
  });

  it('GHSA-m8jr-fxqx-8xx6 tells nothing: the open field is computed without the closed one', async () => {
    expect((await product.query(mia, '{ leaf { hint } }')).body).toEqual({
      data: { leaf: { hint: 'begins with undefined' } },
    });
    expect((await product.query(root, '{ leaf { hint } }')).body.data).toEqual({ leaf: { hint: 'begins with top' } });
  });

  it('GHSA-m8jr-fxqx-8xx6 tells a stranger nothing either: a public field has no way to the rows', async () => {
    const { status, body } = await product.query(null, '{ openHint }');
    expect({ status, data: body.data }).toEqual({ status: 401, data: undefined });
  });

  it('CASL #957 shows no foreign row for a field that every member may read', async () => {
    const { tenantId } = await idsOf(product, 'gina@globex.test', 'globex');
    const answer = await product.query(mia, 'query ($id: ID) { tenant(id: $id) { name } }', { id: tenantId });
    expect([codesOf(answer), answer.body.data]).toEqual([['NOT_FOUND'], { tenant: null }]);
  });
});

describe('a published bypass, tried on the product as a mutation', () => {
  it.each([
    ['GHSA-mx7m-j9xf-62hw', 'mutation { makeBox { ... on Vault { code } } }', 'makeBox'],
    ['CVE-2026-19869', 'mutation { makeLeaf { secret } }', 'makeLeaf.secret'],
    ['AppSync #275', 'mutation { makeLeaf { leaf { deep { secret } } } }', 'makeLeaf.leaf.deep.secret'],
    ['mercurius-auth #98', 'mutation { makeFind { __typename } }', 'makeFind'],
    ['Pothos #1763', 'mutation { makeBox { label } }', 'makeBox'],
    ['NestJS #295', 'mutation { makeLeaf { leaf { secret } } }', 'makeLeaf.leaf.secret'],
    ['a protected type asked for its name alone', 'mutation { makeVault { __typename } }', 'makeVault'],
    ['a refused field after an allowed one', 'mutation { makeLeaf { leaf { hint } } sealVault }', 'sealVault'],
  ])('%s writes nothing, runs nothing and has no data', async (_id, query, path) => {
    const answer = await withoutWriting(product, () => product.query(mia, query));
    expect([codesOf(answer), pathsOf(answer)]).toEqual([['FORBIDDEN'], [path]]);
    expect(answer.body).not.toHaveProperty('data');
    expect(calls).toEqual([]);
  });

  it('is done for whoever may: the mutations above do write', async () => {
    const before = await product.sql("select from tenants where name = 'planted'");
    const { body } = await product.query(
      root,
      'mutation { makeBox { ... on Vault { code } } makeFind { __typename } }',
    );
    expect(body.data).toEqual({ makeBox: { code: 'top secret' }, makeFind: { __typename: 'Vault' } });
    expect(await product.sql("select from tenants where name = 'planted'")).toHaveLength(before.length + 2);
  });
});

describe('a rule written into a document counts for nothing', () => {
  it.each([
    ['@public on a field', '{ box @public { label } }'],
    ['@auth on a field', '{ box @auth { label } }'],
    ['@tenantScoped on an operation', 'query @tenantScoped(reach: PLATFORM) { box { label } }'],
    ['@auth on a fragment', '{ box { ... @auth { label } } }'],
    ['@auth on a variable', 'query ($on: Boolean @auth) { box @include(if: $on) { label } }'],
    ['@defer, to come after the answer', '{ leaf { ... @defer { secret } } }'],
    ['@stream', '{ members { nodes @stream { id } } }'],
    ['a type of its own', '{ box { label } } type Box { label: String }'],
  ])('CVE-2025-64347: %s is no valid document', async (_what, query) => {
    const answer = await product.query(mia, query);
    expect(codesOf(answer)).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(calls).toEqual([]);
  });
});

describe('what a caller may not list', () => {
  const signMachine = async (scope: string) => {
    const { tenantId } = await idsOf(product, 'mia@acme.test', 'acme');
    return product.pool.signToken(toMachineClaims(product, { tenant_id: tenantId, scope }));
  };
  const FOUND = '{ members(search: "mia@") { totalCount nodes { user { email } } } }';

  it.each([
    ['counts', '{ members { totalCount } }'],
    ['finds by address', '{ members(search: "mia@") { totalCount } }'],
    ['learns the places of', '{ members { pageInfo { endCursor } } }'],
  ])('he neither %s', async (_what, query) => {
    const answer = await product.query(await signMachine('other/scope'), query);
    expect([codesOf(answer), answer.body.data]).toEqual([['FORBIDDEN'], { members: null }]);
  });

  it('is found by address by whoever may read the address', async () => {
    const { body } = await product.query(await signMachine('tenantry/members.read'), FOUND);
    expect(body.data.members).toEqual({ totalCount: 1, nodes: [{ user: { email: 'mia@acme.test' } }] });
  });
});
