import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anAdmin, aUser } from '../../unit/access/fixtures.ts';
import { aWorld } from '../../unit/directives/world.ts';

const readDeepest = vi.fn(() => 'deepest');
const openInner = vi.fn(() => ({}));

const ADMINS = '@auth(groups: ["Admins"])';
const world = aWorld(
  `type Query { top: String ${ADMINS}  outer: Outer @auth }
  type Mutation { makeOuter: MakeOuterPayload @auth }
  type MakeOuterPayload { outer: Outer  secret: String ${ADMINS} }
  type Outer @auth { plain: String  scalar: String ${ADMINS}  list: [String] ${ADMINS}  inner: Inner ${ADMINS}  open: Inner }
  type Inner @auth { scalar: String ${ADMINS}  again: Inner }`,
  {
    Query: { top: readDeepest, outer: () => ({ plain: 'plain', scalar: 'outer', list: ['outer'] }) },
    Mutation: { makeOuter: openInner },
    Outer: { inner: openInner, open: () => ({ again: { again: {} } }) },
    Inner: { scalar: readDeepest },
  },
);

describe('AppSync #275 (aws-appsync-community): rules below the first level of a query were read by nobody', () => {
  beforeEach(() => vi.clearAllMocks());

  it.each([
    ['the first level', '{ top }', 'top'],
    ['a value of the second', '{ outer { scalar } }', 'outer.scalar'],
    ['a list of the second', '{ outer { list } }', 'outer.list'],
    ['an object of the second', '{ outer { inner { again { scalar } } } }', 'outer.inner'],
    ['a value of the third', '{ outer { open { scalar } } }', 'outer.open.scalar'],
    ['a value of the fifth', '{ outer { open { again { again { scalar } } } } }', 'outer.open.again.again.scalar'],
  ])('%s is refused where the rule stands', async (_level, query, path) => {
    const { data, refusals } = await world.ask(aUser(), query);
    expect(refusals).toEqual([`FORBIDDEN at ${path}`]);
    expect(JSON.stringify(data)).not.toMatch(/"outer"[^:]|deepest/);
    expect(readDeepest).not.toHaveBeenCalled();
    expect(openInner).not.toHaveBeenCalled();
  });

  it('the same fields are read beside a refused one', async () => {
    expect((await world.ask(aUser(), '{ outer { plain scalar } }')).data).toEqual({
      outer: { plain: 'plain', scalar: null },
    });
  });

  it('whoever is in the group reads every level', async () => {
    const query = '{ top outer { scalar list inner { scalar } open { again { scalar } } } }';
    expect((await world.ask(anAdmin(), query)).refusals).toEqual([]);
    expect(readDeepest).toHaveBeenCalledTimes(3);
  });
});
