import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addCrowd, CROWD_SIZE } from '../support/crowd.ts';
import { addMember, addTenant, type Member } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { walkPages } from '../support/walk-pages.ts';

const LIST = `query ($first: Int, $after: String, $role: MembershipRole, $search: String) {
  members(first: $first, after: $after, role: $role, search: $search) {
    totalCount
    edges { cursor node { id } }
    nodes { id role user { email } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

let product: Product;
let crowd: readonly Member[];
let owner: string;

beforeAll(async () => {
  product = await getSharedProduct();
  const people = await addCrowd(product);
  [crowd, owner] = [people, people[0].token];
});

const list = (variables: object, token = owner) => product.query(token, LIST, variables);

type Row = { readonly id: string };

const walk = (first: number, filter: object = {}) =>
  walkPages(async (after) => (await list({ ...filter, first, after })).body.data.members);

const toIds = (rows: readonly Row[]) => rows.map(({ id }) => id);

describe('paging through members', () => {
  it('is 20 at a time, oldest first, without gap or repeat', async () => {
    const pages = await walk(20);
    expect(pages.map(({ nodes }) => nodes.length)).toEqual([20, 20, 5]);
    expect(pages.flatMap(({ nodes }) => toIds(nodes))).toEqual(crowd.map(({ membershipId }) => membershipId));
    expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([false, true, true]);
  });

  it.each([
    [{ search: 'user' }, 44],
    [{ role: 'MEMBER' }, 40],
    [{ role: 'MEMBER', search: 'user' }, 40],
  ])('meets everybody once given %o', async (filter, expected) => {
    const ids = (await walk(7, filter)).flatMap(({ nodes }) => toIds(nodes));
    expect([ids.length, new Set(ids).size]).toEqual([expected, expected]);
  });

  it('ends on a page that is exactly full', async () => {
    expect((await walk(15)).map(({ nodes }) => nodes.length)).toEqual([15, 15, 15]);
  });

  it('is 20 when nobody says how many', async () => {
    expect((await list({})).body.data.members.nodes).toHaveLength(20);
  });

  it('may be 100, and then shows everybody', async () => {
    expect((await list({ first: 100 })).body.data.members.nodes).toHaveLength(CROWD_SIZE);
  });

  it('counts all of them on every page', async () => {
    expect((await list({ first: 1 })).body.data.members.totalCount).toBe(CROWD_SIZE);
  });

  it('has a cursor for each row, the first and last of them named in pageInfo', async () => {
    const { edges, nodes, pageInfo } = (await list({ first: 3 })).body.data.members;
    expect(toIds(edges.map(({ node }: { node: Row }) => node))).toEqual(toIds(nodes));
    expect(pageInfo).toMatchObject({ startCursor: edges[0].cursor, endCursor: edges[2].cursor });
  });

  it('does not lose its place when the row it stands on goes', async () => {
    const tenantId = await addTenant(product);
    const people = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'MEMBER')];
    const last = await addMember(product, tenantId, 'MEMBER');
    const token = people[0]?.token ?? '';
    const after = (await list({ first: 2 }, token)).body.data.members.pageInfo.endCursor;
    await product.sql('delete from memberships where id = $1', [people[1]?.membershipId]);
    const { nodes } = (await list({ first: 2, after }, token)).body.data.members;
    expect(toIds(nodes)).toEqual([last.membershipId]);
  });

  it.each([0, -1, 101, 1_000_000])('answers BAD_USER_INPUT to first: %i', async (first) => {
    const answer = await list({ first });
    expect([codesOf(answer), answer.body.data]).toEqual([['BAD_USER_INPUT'], { members: null }]);
  });
});

describe('a cursor', () => {
  const cursorOf = async (variables: object, token?: string) =>
    (await list({ first: 2, ...variables }, token)).body.data.members.pageInfo.endCursor;

  const expectRefused = async (variables: object, token?: string) =>
    expect(codesOf(await list(variables, token))).toEqual(['BAD_USER_INPUT']);

  it.each(['garbage', '0', Buffer.from('["0"]').toString('base64url'), 'a'.repeat(5_000)])(
    'somebody made up is refused: %.20s',
    (after) => expectRefused({ after }),
  );

  it('with another place written into it is refused', async () => {
    const bytes = Buffer.from(await cursorOf({}), 'base64url');
    const place = JSON.stringify([crowd[30]?.membershipId]);
    await expectRefused({ after: Buffer.concat([bytes.subarray(0, 16), Buffer.from(place)]).toString('base64url') });
  });

  it("of another tenant's list is refused", async () => {
    await expectRefused({ after: await cursorOf({}, await product.tokenOf('mia@acme.test')) });
  });

  it.each([[{ role: 'MEMBER' }], [{ search: 'user' }], [{ search: 'user', role: 'MEMBER' }]])(
    'of the whole list is refused by the one filtered by %o, and the other way round',
    async (filter) => {
      await expectRefused({ ...filter, after: await cursorOf({}) });
      await expectRefused({ after: await cursorOf(filter) });
    },
  );

  it('of another list is refused', async () => {
    const root = await product.tokenOf('root@tenantry.test');
    const { body } = await product.query(root, '{ users(first: 1) { pageInfo { endCursor } } }');
    await expectRefused({ after: body.data.users.pageInfo.endCursor });
  });
});
