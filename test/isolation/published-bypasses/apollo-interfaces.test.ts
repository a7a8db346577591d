import { beforeEach, describe, expect, it } from 'vitest';
import { anAdmin, aUser } from '../../unit/access/fixtures.ts';
import { aWorld, createRecorder } from '../../unit/directives/world.ts';

const { ran, record } = createRecorder();
const readCode = record('code', () => 'top secret');
const findSecret = record('secret', () => ({ __typename: 'Secret', id: '1', parent: { id: '2' } }));

const ADMINS = '@auth(groups: ["Admins"])';
const world = aWorld(
  `type Query { node: Node @auth  named: Named @auth  nodes: [Node] @auth  found: Found @auth  open: Open @auth }
  interface Node ${ADMINS} { id: ID  parent: Node }
  interface Named implements Node ${ADMINS} { id: ID  parent: Node  name: String }
  type Secret implements Named & Node ${ADMINS} { id: ID  parent: Secret  name: String  code: String }
  type Open @auth { id: ID  above: Node }
  union Found = Open | Secret`,
  {
    Query: {
      node: findSecret,
      named: findSecret,
      nodes: () => [findSecret()],
      found: () => ({ __typename: 'Secret', id: '1' }),
      open: () => ({ id: '3', above: { __typename: 'Secret', id: '4' } }),
    },
    Open: { above: findSecret },
    Secret: { code: readCode },
  },
);

describe('GHSA-mx7m-j9xf-62hw (Apollo Federation): the rule of an interface was not asked of the objects behind it', () => {
  beforeEach(() => {
    ran.length = 0;
  });

  it.each([
    ['by a fragment on the object', '{ node { ... on Secret { code } } }', 'node'],
    ['by a named fragment', '{ node { ...S } } fragment S on Secret { code }', 'node'],
    ['by a fragment on an interface below', '{ node { ... on Named { ... on Secret { code } } } }', 'node'],
    ['through an interface of the interface', '{ named { ... on Secret { code } } }', 'named'],
    ['in a list', '{ nodes { ... on Secret { code } } }', 'nodes'],
    ['below another object', '{ open { above { ... on Secret { code } } } }', 'open.above'],
    ['under a name for its type alone', '{ node { kind: __typename } }', 'node'],
    ['as its own parent, of a narrower type', '{ node { parent { ... on Secret { code } } } }', 'node'],
  ])('a member cannot be reached %s, and no resolver runs', async (_how, query, path) => {
    const { data, refusals } = await world.ask(aUser(), query);
    expect(refusals).toEqual([`FORBIDDEN at ${path}`]);
    expect(JSON.stringify(data)).not.toContain('Secret');
    expect(ran).toEqual([]);
  });

  it('a member cannot be read as part of a union either', async () => {
    const { refusals } = await world.ask(aUser(), '{ found { ... on Named { name } ... on Secret { code } } }');
    expect(refusals).toEqual(['FORBIDDEN at found']);
    expect(ran).toEqual([]);
  });

  it('whoever the rule lets through reads it on every way', async () => {
    const { refusals } = await world.ask(anAdmin(), '{ node { parent { id } ... on Secret { code } } named { name } }');
    expect(refusals).toEqual([]);
    expect(ran.toSorted()).toEqual(['code', 'secret', 'secret']);
  });

  const QUERY = 'type Query { ok: Boolean @public }';
  it.each([
    ['on the interface alone', `interface N ${ADMINS} { x: Int } type A implements N @auth { x: Int }`, 'N: says'],
    ['on the object alone', `interface N @auth { x: Int } type A implements N ${ADMINS} { x: Int }`, 'N: says @auth'],
    [
      'on a field of the interface alone',
      `interface N @auth { x: Int ${ADMINS} } type A implements N @auth { x: Int }`,
      'N.x: says @auth(groups: ["Admins"]), A.x no rule',
    ],
    [
      'on an interface of an interface alone',
      `interface N ${ADMINS} { x: Int } interface M implements N @auth { x: Int }
       type A implements N & M @auth { x: Int }`,
      'N: says @auth(groups: ["Admins"]), its member M @auth',
    ],
    [
      'on an interface by extension',
      `interface N @auth { x: Int } extend interface N ${ADMINS} type A implements N @auth { x: Int }`,
      'N: @auth is added by extend',
    ],
    [
      'on an interface that an extension brings',
      `interface N ${ADMINS} { x: Int } type A @auth { x: Int } extend type A implements N`,
      'N: says @auth(groups: ["Admins"]), its member A @auth',
    ],
  ])('a rule that stands %s does not build', (_where, sdl, problem) => {
    expect(() => aWorld(`${QUERY} ${sdl}`, {})).toThrow(problem);
  });
});
