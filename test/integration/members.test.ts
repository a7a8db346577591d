import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addCrowd } from '../support/crowd.ts';
import { addUser, idsOf } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const LIST = `query ($first: Int, $after: String, $role: MembershipRole, $search: String) {
  members(first: $first, after: $after, role: $role, search: $search) {
    totalCount
    edges { cursor node { id } }
    nodes { id role user { email } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

let product: Product;
let owner: string;

beforeAll(async () => {
  product = await getSharedProduct();
  const [zoe] = await addCrowd(product);
  owner = zoe.token;
});

const list = (variables: object, token = owner) => product.query(token, LIST, variables);

describe('Query.members', () => {
  it("lists the members of the caller's tenant, and of no other", async () => {
    const { body } = await list({}, await product.tokenOf('mia@acme.test'));
    const emails = body.data.members.nodes.map(({ user }: { user: { email: string } }) => user.email);
    expect(emails).toEqual(['olivia@acme.test', 'adam@acme.test', 'mia@acme.test', 'dora@both.test']);
  });

  it('shows below a shared member the one membership and tenant of the list', async () => {
    const query = '{ members(search: "dora") { nodes { user { email } tenant { slug } } } }';
    const { body } = await product.query(await product.tokenOf('mia@acme.test'), query);
    expect(body.data.members.nodes).toEqual([{ user: { email: 'dora@both.test' }, tenant: { slug: 'acme' } }]);
  });

  it('finds by role', async () => {
    const { nodes, totalCount } = (await list({ role: 'ADMIN' })).body.data.members;
    expect(nodes.map(({ role }: { role: string }) => role)).toEqual(Array(4).fill('ADMIN'));
    expect(totalCount).toBe(4);
  });

  it.each(['user0', 'USER0'])('finds by the beginning "%s" of an address, in its order', async (search) => {
    const { nodes, totalCount } = (await list({ search })).body.data.members;
    const emails = nodes.map(({ user }: { user: { email: string } }) => user.email);
    expect(emails).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `user0${number}@crowd.test`));
    expect(totalCount).toBe(9);
  });

  it('finds by role and address', async () => {
    const { nodes, totalCount } = (await list({ search: 'user', role: 'ADMIN' })).body.data.members;
    expect([nodes.length, totalCount]).toEqual([4, 4]);
  });

  it.each(['%', '_ser', 'crowd.test', "' or true --"])('finds nothing by "%s"', async (search) => {
    const { nodes, totalCount } = (await list({ search })).body.data.members;
    expect([nodes, totalCount]).toEqual([[], 0]);
  });

  it('answers BAD_USER_INPUT to a search that cannot be an address', async () => {
    expect(codesOf(await list({ search: 'a\u0000' }))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await list({ search: 'a'.repeat(255) }))).toEqual(['BAD_USER_INPUT']);
  });

  it('answers TENANT_REQUIRED or FORBIDDEN without a tenant, and no row', async () => {
    const { token } = await addUser(product);
    const answer = await list({}, token);
    expect(answer.body.data).toEqual({ members: null });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });
});

describe('Query.member', () => {
  const BY_ID = 'query ($id: ID!) { member(id: $id) { role user { email } tenant { slug } } }';

  it("is a membership of the caller's tenant", async () => {
    const { membershipId } = await idsOf(product, 'adam@acme.test', 'acme');
    const { body } = await product.query(await product.tokenOf('mia@acme.test'), BY_ID, { id: membershipId });
    const member = { role: 'ADMIN', user: { email: 'adam@acme.test' }, tenant: { slug: 'acme' } };
    expect(body).toEqual({ data: { member } });
  });

  it("answers NOT_FOUND for another tenant's", async () => {
    const { membershipId } = await idsOf(product, 'gina@globex.test', 'globex');
    const answer = await product.query(await product.tokenOf('mia@acme.test'), BY_ID, { id: membershipId });
    expect([codesOf(answer), answer.body.data]).toEqual([['NOT_FOUND'], { member: null }]);
  });

  it("answers NOT_FOUND for a shared member's place in the other tenant", async () => {
    const { membershipId } = await idsOf(product, 'dora@both.test', 'globex');
    const answer = await product.query(await product.tokenOf('dora@both.test'), BY_ID, { id: membershipId });
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
  });
});
