import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addTenant, addUser, idsOf, toMachineClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { walkPages } from '../support/walk-pages.ts';

let product: Product;
let acmeId: string;
let globexId: string;

beforeAll(async () => {
  product = await getSharedProduct();
  acmeId = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
});

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
  type Tenants = { readonly totalCount: number; readonly nodes: readonly { readonly slug: string }[] };
  const slugsOf = ({ nodes }: Tenants) => nodes.map(({ slug }) => slug);
  const list = async (variables: object) => (await askAs('root@tenantry.test', LIST, variables)).body.data.tenants;
  /** The slugs on every page, each of which says how many there are in all. */
  async function listAll(filter: object, first = 100): Promise<string[]> {
    const pages = await walkPages((after) => list({ ...filter, first, after }));
    const slugs = pages.flatMap(slugsOf);
    expect(new Set(pages.map(({ totalCount }) => totalCount))).toEqual(new Set([slugs.length]));
    return slugs;
  }
  const slugsWhere = async (condition: string, order: string) =>
    (await product.sql<{ slug: string }>(`select slug from tenants where ${condition} order by ${order}`)).map(
      ({ slug }) => slug,
    );

  // Other files add tenants to the same product.
  const prefix = `list${randomUUID().slice(0, 8)}`;
  const [one, two, three] = [`${prefix}-one`, `${prefix}-two`, `${prefix}less`];
  beforeAll(async () => {
    for (const slug of [one, two, three]) await addTenant(product, slug);
    await product.sql(`update tenants set status = 'SUSPENDED' where slug = $1`, [two]);
  });

  it('lists every tenant to platform staff, oldest first', async () => {
    const slugs = await listAll({});
    expect(slugs).toEqual(await slugsWhere('true', 'created_at, id'));
    const known = ['acme', 'globex', one, two, three];
    expect(slugs.filter((slug) => known.includes(slug))).toEqual(known);
  });

  it('finds by the beginning of a slug, in any case', async () => {
    const found = await list({ search: `${prefix}-`.toUpperCase() });
    expect(slugsOf(found)).toEqual([one, two]);
    expect(found.totalCount).toBe(2);
  });

  it('finds nothing by a wildcard', async () => {
    expect(slugsOf(await list({ search: '%' }))).toEqual([]);
  });

  it('finds by status', async () => {
    const suspended = await listAll({ status: 'SUSPENDED' });
    expect(suspended).toContain(two);
    expect(suspended).toEqual(await slugsWhere(`status = 'SUSPENDED'`, 'created_at, id'));
  });

  it('finds by both', async () => {
    const found = await list({ status: 'ACTIVE', search: `${prefix}-` });
    expect([slugsOf(found), found.totalCount]).toEqual([[one], 1]);
  });

  it.each<[object, string, string]>([
    [{}, 'true', 'created_at, id'],
    [{ search: 'l' }, "starts_with(slug, 'l')", 'slug'],
  ])('pages without gap or repeat given %o', async (filter, condition, order) => {
    const whole = await slugsWhere(condition, order);
    expect(whole.length).toBeGreaterThan(2);
    // Small pages, and few of them however many tenants there are.
    const first = Math.min(100, Math.max(2, Math.ceil(whole.length / 4)));
    expect(await listAll(filter, first)).toEqual(whole);
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
