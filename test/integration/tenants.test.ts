import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addTenant, addUser, idsOf, toMachineClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { walkPages } from '../support/walk-pages.ts';

let product: Product;
let acmeId: string;
let globexId: string;

beforeAll(async () => {
  product = await startProduct();
  acmeId = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
});
afterAll(() => product[Symbol.asyncDispose]());

const askAs = async (email: string, query: string, variables?: object) =>
  product.query(await product.tokenOf(email), query, variables);

describe('Query.tenant', () => {
  const BY_ID = 'query ($id: ID) { tenant(id: $id) { slug name status memberCount } }';
  const ACME = { slug: 'acme', name: 'Acme', status: 'ACTIVE', memberCount: 4 };

  it("is the caller's own without an id", async () => {
    expect((await askAs('mia@acme.test', BY_ID)).body).toEqual({ data: { tenant: ACME } });
  });

  it("is the caller's own by its id", async () => {
    expect((await askAs('mia@acme.test', BY_ID, { id: acmeId })).body).toEqual({ data: { tenant: ACME } });
  });

  it('is any for platform staff', async () => {
    const { body } = await askAs('root@tenantry.test', BY_ID, { id: globexId });
    expect(body.data.tenant.slug).toBe('globex');
  });

  it("answers NOT_FOUND for another tenant's id", async () => {
    const answer = await askAs('mia@acme.test', BY_ID, { id: globexId });
    expect(answer.body.data).toEqual({ tenant: null });
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
  });

  it.each([randomUUID(), 'acme', '', "' or true"])(
    'answers NOT_FOUND to platform staff for the id "%s"',
    async (id) => {
      expect(codesOf(await askAs('root@tenantry.test', BY_ID, { id }))).toEqual(['NOT_FOUND']);
    },
  );

  it.each([
    ['nobody knows', randomUUID],
    ["of another's tenant", () => globexId],
  ])('answers NOT_FOUND to a user without a tenant for an id %s', async (_, pick) => {
    const { token } = await addUser(product);
    expect(codesOf(await product.query(token, BY_ID, { id: pick() }))).toEqual(['NOT_FOUND']);
  });

  it('answers TENANT_REQUIRED without an id and without a tenant', async () => {
    const { token } = await addUser(product);
    expect(codesOf(await product.query(token, BY_ID))).toEqual(['TENANT_REQUIRED']);
  });

  it("is a machine's own", async () => {
    const token = await product.pool.signToken(toMachineClaims(product, { tenant_id: acmeId, scope: '' }));
    expect((await product.query(token, BY_ID)).body).toEqual({ data: { tenant: ACME } });
  });
});

describe('Query.tenants', () => {
  const LIST = `query ($search: String, $status: TenantStatus, $first: Int, $after: String) {
    tenants(search: $search, status: $status, first: $first, after: $after) {
      totalCount nodes { slug } pageInfo { hasNextPage endCursor }
    }
  }`;
  const slugsOf = (body: { data: { tenants: { nodes: { slug: string }[] } } }) =>
    body.data.tenants.nodes.map(({ slug }) => slug);
  beforeAll(async () => {
    for (const slug of ['list-one', 'list-two', 'listless']) await addTenant(product, slug);
    await product.sql(`update tenants set status = 'SUSPENDED' where slug = 'list-two'`);
  });

  it('lists every tenant to platform staff, oldest first', async () => {
    const { body } = await askAs('root@tenantry.test', LIST);
    expect(slugsOf(body).slice(0, 5)).toEqual(['acme', 'globex', 'list-one', 'list-two', 'listless']);
  });

  it('finds by the beginning of a slug, in any case', async () => {
    const { body } = await askAs('root@tenantry.test', LIST, { search: 'LIST-' });
    expect(slugsOf(body)).toEqual(['list-one', 'list-two']);
    expect(body.data.tenants.totalCount).toBe(2);
  });

  it('finds nothing by a wildcard', async () => {
    expect(slugsOf((await askAs('root@tenantry.test', LIST, { search: '%' })).body)).toEqual([]);
  });

  it('finds by status', async () => {
    const { body } = await askAs('root@tenantry.test', LIST, { status: 'SUSPENDED' });
    expect(slugsOf(body)).toEqual(['list-two']);
  });

  it('finds by both', async () => {
    const { body } = await askAs('root@tenantry.test', LIST, { status: 'ACTIVE', search: 'list-' });
    expect([slugsOf(body), body.data.tenants.totalCount]).toEqual([['list-one'], 1]);
  });

  it.each([[{}], [{ search: 'l' }]])('pages without gap or repeat given %o', async (filter) => {
    const whole = slugsOf((await askAs('root@tenantry.test', LIST, filter)).body);
    const pages = await walkPages(async (after) => {
      const { body } = await askAs('root@tenantry.test', LIST, { ...filter, first: 2, after });
      return body.data.tenants;
    });
    expect(pages.flatMap((page) => page.nodes.map(({ slug }: { slug: string }) => slug))).toEqual(whole);
  });

  it.each(['tenants', 'users'])(
    'answers FORBIDDEN to a member who asks for %s, beside what he may see',
    async (list) => {
      const answer = await askAs('mia@acme.test', `{ viewer { kind } ${list} { nodes { id } } }`);
      expect(answer.body.data).toEqual({ viewer: { kind: 'USER' }, [list]: null });
      expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    },
  );

  it("answers FORBIDDEN to another tenant's owner", async () => {
    expect(codesOf(await askAs('gina@globex.test', LIST))).toEqual(['FORBIDDEN']);
  });
});
