import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addTenant, addUser, idsOf, toMachineClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';

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

  it.each([randomUUID(), 'acme', '', "' or true"])('answers NOT_FOUND to platform staff for the id "%s"', async (id) => {
    expect(codesOf(await askAs('root@tenantry.test', BY_ID, { id }))).toEqual(['NOT_FOUND']);
  });

  it.each([['nobody knows', randomUUID()], ["of another's tenant"]])(
    'answers a user without a tenant alike for an id %s',
    async (_, id = globexId) => {
      const { token } = await addUser(product);
      expect(codesOf(await product.query(token, BY_ID, { id }))).toEqual(['NOT_FOUND']);
    },
  );

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
    const paged: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { body } = await askAs('root@tenantry.test', LIST, { ...filter, first: 2, after });
      paged.push(...slugsOf(body));
      ({ endCursor: after, hasNextPage: more } = body.data.tenants.pageInfo);
    }
    expect(paged).toEqual(whole);
  });

  it.each(['tenants', 'users'])('answers FORBIDDEN to a member who asks for %s, beside what he may see', async (list) => {
    const answer = await askAs('mia@acme.test', `{ viewer { kind } ${list} { nodes { id } } }`);
    expect(answer.body.data).toEqual({ viewer: { kind: 'USER' }, [list]: null });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });

  it("answers FORBIDDEN to another tenant's owner", async () => {
    expect(codesOf(await askAs('gina@globex.test', LIST))).toEqual(['FORBIDDEN']);
  });
});

describe('Query.users', () => {
  const LIST = 'query ($search: String) { users(search: $search) { totalCount nodes { email } } }';

  it('lists every user to platform staff, oldest first', async () => {
    const { body } = await askAs('root@tenantry.test', LIST);
    expect(body.data.users.nodes[0]).toEqual({ email: 'root@tenantry.test' });
    expect(body.data.users.totalCount).toBeGreaterThanOrEqual(6);
  });

  it('finds by the beginning of an address, in any case', async () => {
    const { body } = await askAs('root@tenantry.test', LIST, { search: 'GINA@' });
    expect(body).toEqual({ data: { users: { totalCount: 1, nodes: [{ email: 'gina@globex.test' }] } } });
  });
});

describe('Mutation.createTenant', () => {
  const MUTATION = `mutation ($name: String!, $slug: String!, $ownerUserId: ID) {
    createTenant(input: { name: $name, slug: $slug, ownerUserId: $ownerUserId }) { tenant { id slug name status memberCount } }
  }`;
  const freshSlug = () => `made-${randomUUID().slice(0, 8)}`;
  const create = (token: string, input: object) =>
    product.query(token, MUTATION, { name: 'Made', slug: freshSlug(), ...input });

  const ownersOf = (slug: string) =>
    product.sql(
      'select m.user_id as id, m.role from memberships m join tenants t on t.id = m.tenant_id where t.slug = $1',
      [slug],
    );

  /** Everything a refused call must leave as it was. */
  const snapshot = () =>
    Promise.all(
      ['tenants', 'memberships', 'audit_events'].map((table) => product.sql(`select * from ${table} order by id`)),
    );

  const expectNothingWritten = async (act: () => Promise<unknown>) => {
    const before = await snapshot();
    await act();
    expect(await snapshot()).toEqual(before);
  };

  it('makes a tenant with the caller as its owner, and audits it', async () => {
    const user = await addUser(product);
    const slug = freshSlug();
    const { body } = await create(user.token, { name: ' Umbrella ', slug });
    expect(body.data.createTenant.tenant).toMatchObject({ slug, name: 'Umbrella', status: 'ACTIVE', memberCount: 1 });
    expect(await ownersOf(slug)).toEqual([{ id: user.sub, role: 'OWNER' }]);
    const { id } = body.data.createTenant.tenant;
    expect(await product.sql('select action, actor_id, target_id from audit_events where tenant_id = $1', [id])).toEqual([
      { action: 'tenant.create', actor_id: user.sub, target_id: id },
    ]);
  });

  it('makes a second tenant for a member of another', async () => {
    const { body } = await create(await product.tokenOf('dora@both.test'), {});
    expect(body.data.createTenant.tenant.memberCount).toBe(1);
  });

  it('makes one for another user at the word of platform staff', async () => {
    const owner = await addUser(product);
    const slug = freshSlug();
    const root = await product.tokenOf('root@tenantry.test');
    const { body } = await create(root, { slug, ownerUserId: owner.sub });
    expect(body.data.createTenant.tenant.slug).toBe(slug);
    expect(await ownersOf(slug)).toEqual([{ id: owner.sub, role: 'OWNER' }]);
  });

  it.each(['adam@acme.test', 'olivia@acme.test'])('answers FORBIDDEN to %s who names another owner', async (email) => {
    const { sub } = await idsOf(product, 'gina@globex.test', 'globex');
    const token = await product.tokenOf(email);
    await expectNothingWritten(async () => {
      const answer = await create(token, { ownerUserId: sub });
      expect([codesOf(answer), 'data' in answer.body]).toEqual([['FORBIDDEN'], true]);
    });
  });

  it.each([randomUUID(), 'mia'])('answers BAD_USER_INPUT for an owner nobody knows: "%s"', async (ownerUserId) => {
    const root = await product.tokenOf('root@tenantry.test');
    await expectNothingWritten(async () =>
      expect(codesOf(await create(root, { ownerUserId }))).toEqual(['BAD_USER_INPUT']),
    );
  });

  it('answers CONFLICT to a slug that is taken, also by a tenant the caller cannot see', async () => {
    const { token } = await addUser(product);
    await expectNothingWritten(async () =>
      expect(codesOf(await create(token, { slug: 'globex' }))).toEqual(['CONFLICT']),
    );
  });

  it('makes one tenant when the same slug is asked for many times at once', async () => {
    const { token } = await addUser(product);
    const slug = freshSlug();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(token, { slug })));
    const codes = answers.flatMap(codesOf);
    expect(codes).toEqual(Array(7).fill('CONFLICT'));
    expect(await ownersOf(slug)).toHaveLength(1);
  });

  it.each(['ab', 'a'.repeat(41), 'Upper', 'two--dashes', '-edge', 'edge-', 'under_score', 'uml\u00e4ut', 'a b', 'abc\n'])(
    'answers BAD_USER_INPUT to the slug %j',
    async (slug) => {
      const { token } = await addUser(product);
      await expectNothingWritten(async () => expect(codesOf(await create(token, { slug }))).toEqual(['BAD_USER_INPUT']));
    },
  );

  it.each([
    ['empty', ' '],
    ['of 101 characters', 'x'.repeat(101)],
    ['with a control character', 'Ac\u0000me'],
  ])('answers BAD_USER_INPUT to a name %s', async (_, name) => {
    const { token } = await addUser(product);
    await expectNothingWritten(async () => expect(codesOf(await create(token, { name }))).toEqual(['BAD_USER_INPUT']));
  });

  it('answers FORBIDDEN to a machine, and has no data', async () => {
    const claims = { tenant_id: acmeId, scope: 'tenantry/members.read' };
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    await expectNothingWritten(async () => {
      const answer = await create(token, {});
      expect([codesOf(answer), 'data' in answer.body]).toEqual([['FORBIDDEN'], false]);
    });
  });
});
