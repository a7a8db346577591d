import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, addUser, idsOf, toMachineClaims, toUserClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeUnheard } from '../support/unheard.ts';

const HEADERS = { 'x-request-id': 'same-for-all' };

let product: Product;
let acmeId: string;
/** What the callers below must never reach: the other tenant, and the places of its people. */
let foreign: { readonly tenantId: string; readonly owner: string; readonly shared: string };

beforeAll(async () => {
  product = await getSharedProduct();
  acmeId = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
  const gina = await idsOf(product, 'gina@globex.test', 'globex');
  const dora = await idsOf(product, 'dora@both.test', 'globex');
  foreign = { tenantId: gina.tenantId, owner: gina.membershipId, shared: dora.membershipId };
});

const signMachine = (claims: object) => product.pool.signToken(toMachineClaims(product, claims));

/** Everybody who speaks for acme, and some who speak for nobody. */
const CALLERS: [string, () => Promise<string>][] = [
  ['an owner', () => product.tokenOf('olivia@acme.test')],
  ['an admin', () => product.tokenOf('adam@acme.test')],
  ['a member', () => product.tokenOf('mia@acme.test')],
  ['a member of both', () => product.tokenOf('dora@both.test')],
  ['a machine', () => signMachine({ tenant_id: acmeId, scope: 'tenantry/members.read' })],
  ['a user without a tenant', async () => (await addUser(product)).token],
  ['an owner by a group of the pool alone', () => signWithGroups(['TenantOwners'])],
];

async function signWithGroups(groups: readonly string[]): Promise<string> {
  const { sub } = await addUser(product);
  return product.pool.signToken(toUserClaims(product, sub, { 'cognito:groups': groups }));
}

/** Every way to name a row by its id. */
const PATHS: [string, string, (ids: typeof foreign) => string][] = [
  ['tenant', 'query ($id: ID) { tenant(id: $id) { slug } }', ({ tenantId }) => tenantId],
  ['member', 'query ($id: ID!) { member(id: $id) { role } }', ({ owner }) => owner],
  ['member, a shared one', 'query ($id: ID!) { member(id: $id) { user { email } } }', ({ shared }) => shared],
  [
    'changeMemberRole',
    'mutation ($id: ID!) { changeMemberRole(input: { membershipId: $id, role: MEMBER }) { membership { id } } }',
    ({ owner }) => owner,
  ],
  [
    'changeMemberRole, a shared one',
    'mutation ($id: ID!) { changeMemberRole(input: { membershipId: $id, role: OWNER }) { membership { id } } }',
    ({ shared }) => shared,
  ],
  [
    'removeMember',
    'mutation ($id: ID!) { removeMember(input: { membershipId: $id }) { membership { id } } }',
    ({ shared }) => shared,
  ],
];

const CASES = CALLERS.flatMap(([caller, sign]) => PATHS.map((path) => [caller, ...path, sign] as const));

describe("another tenant's id", () => {
  it.each(CASES)('named by %s in %s is answered like an id nobody knows, and nothing is written', async (...row) => {
    const [, , query, pick, sign] = row;
    const token = await sign();
    const ask = (id: string) => withoutWriting(product, () => product.query(token, query, { id }, HEADERS));
    const [theirs, nobodys] = [await ask(pick(foreign)), await ask(randomUUID())];
    expect([theirs.status, theirs.text]).toEqual([nobodys.status, nobodys.text]);
    expect(toLines(theirs.headers)).toEqual(toLines(nobodys.headers));
    expect(codesOf(theirs)).toHaveLength(1);
  });

  const toLines = (headers: Headers) => [...headers].filter(([name]) => name !== 'date');
});

describe('a tenant named elsewhere than in the token', () => {
  it.each([
    ['a header', { 'x-tenant-id': 'TENANT' }],
    ['a cookie', { cookie: 'tenant_id=TENANT' }],
    ['a forwarded claim', { 'x-amzn-oidc-data': 'TENANT' }],
  ])('counts for nothing in %s', async (_, headers) => {
    const named = Object.entries(headers).map(([name, value]) => [name, value.replace('TENANT', foreign.tenantId)]);
    const token = await product.tokenOf('mia@acme.test');
    const { body } = await product.query(token, '{ tenant { slug } }', {}, Object.fromEntries(named));
    expect(body).toEqual({ data: { tenant: { slug: 'acme' } } });
  });

  it('counts for nothing in a variable nobody declared', async () => {
    const variables = { tenantId: foreign.tenantId, tenant_id: foreign.tenantId };
    const { body } = await product.query(await product.tokenOf('mia@acme.test'), '{ tenant { slug } }', variables);
    expect(body).toEqual({ data: { tenant: { slug: 'acme' } } });
  });

  it('counts for nothing in custom:tenant_id alone', async () => {
    const { sub } = await addUser(product);
    const token = await product.pool.signToken(toUserClaims(product, sub, { 'custom:tenant_id': foreign.tenantId }));
    const { body } = await product.query(token, '{ viewer { tenantId tenant { slug } } }');
    expect(body.data.viewer).toEqual({ tenantId: null, tenant: null });
  });
});

describe('two tenants at once', () => {
  const MEMBERS = '{ tenant { slug } members { totalCount nodes { tenantId tenant { slug } user { email } } } }';

  it('each see their own rows alone, on whatever connection', async () => {
    const tokens = {
      acme: await product.tokenOf('mia@acme.test'),
      globex: await product.tokenOf('gina@globex.test'),
    };
    const slugs = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'acme' : 'globex'));
    const answers = await Promise.all(slugs.map((slug) => product.query(tokens[slug], MEMBERS)));
    answers.forEach(({ body }, index) => {
      const slug = slugs[index];
      expect(body.data.tenant).toEqual({ slug });
      expect(body.data.members.nodes).toHaveLength(slug === 'acme' ? 4 : 2);
      for (const node of body.data.members.nodes) expect(node.tenant).toEqual({ slug });
    });
  });

  it('stay apart after statements that failed on the same connections', async () => {
    const acme = await product.tokenOf('mia@acme.test');
    const globex = await product.tokenOf('gina@globex.test');
    await Promise.all(
      Array.from({ length: 20 }, () =>
        product.query(globex, '{ member(id: "no-id") { id } members(first: 0) { totalCount } }'),
      ),
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => product.query(acme, MEMBERS)));
    for (const { body } of answers) expect(body.data.tenant).toEqual({ slug: 'acme' });
  });

  it('in one session of one user never meet in one list', async () => {
    const query = '{ viewer { memberships { tenant { slug } user { email } } } members { nodes { tenant { slug } } } }';
    const { body } = await product.query(await product.tokenOf('dora@both.test'), query);
    expect(body.data.viewer.memberships).toHaveLength(2);
    expect(new Set(body.data.members.nodes.map(({ tenant }: { tenant: { slug: string } }) => tenant.slug))).toEqual(
      new Set(['acme']),
    );
  });
});

describe('someone who left', () => {
  it('reads nothing of the tenant through a membership that is gone', async () => {
    const leaver = await addMember(product, await addTenant(product), 'MEMBER');
    await changeUnheard(product, 'delete from memberships where id = $1', [leaver.membershipId]);
    const query = '{ viewer { membership { id } memberships { id } } }';
    const { body } = await product.query(leaver.token, query);
    expect(body.data.viewer).toEqual({ membership: null, memberships: [] });
  });
});
