import { beforeEach, describe, expect, it } from 'vitest';
import { anAdmin, aUser } from '../../unit/access/fixtures.ts';
import { aWorld, createRecorder } from '../../unit/directives/world.ts';

const { ran, record } = createRecorder();
const deepest = () => 'deepest';

const ADMINS = '@auth(groups: ["Admins"])';
const world = aWorld(
  `type Query { top: String ${ADMINS}  outer: Outer @auth }
  type Mutation { makeOuter: MakeOuterPayload @auth }
  type MakeOuterPayload { outer: Outer  secret: String ${ADMINS} }
  type Outer @auth { plain: String  scalar: String ${ADMINS}  list: [String] ${ADMINS}  inner: Inner ${ADMINS}  open: Inner }
  type Inner @auth { scalar: String ${ADMINS}  again: Inner }`,
  {
    Query: { top: record('Query.top', deepest), outer: () => ({ plain: 'plain', scalar: 'outer', list: ['outer'] }) },
    Mutation: { makeOuter: record('Mutation.makeOuter', () => ({})) },
    Outer: { inner: record('Outer.inner', () => ({})), open: () => ({ again: { again: {} } }) },
    Inner: { scalar: record('Inner.scalar', deepest) },
  },
);

describe('AppSync #275 (aws-appsync-community): rules below the first level of a query were read by nobody', () => {
  beforeEach(() => void ran.splice(0));

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
    expect(ran).toEqual([]);
  });

  it('the same fields are read beside a refused one', async () => {
    expect((await world.ask(aUser(), '{ outer { plain scalar } }')).data).toEqual({
      outer: { plain: 'plain', scalar: null },
    });
  });

  it('whoever is in the group reads every level', async () => {
    const query = '{ top outer { scalar list inner { scalar } open { again { scalar } } } }';
    const { data, refusals } = await world.ask(anAdmin(), query);
    expect(refusals).toEqual([]);
    expect(data).toEqual({
      top: 'deepest',
      outer: { scalar: 'outer', list: ['outer'], inner: { scalar: 'deepest' }, open: { again: { scalar: 'deepest' } } },
    });
  });
});
