import { describe, expect, it } from 'vitest';
import { compile } from './fixtures.ts';

const ADMINS = '@auth(groups: ["Admins"])';
const QUERY = 'type Query { ok: Boolean @public }';

describe('whoever counts rows may read every one of them', () => {
  it.each([
    [
      'a union with a closed member',
      `union Found = Open | Secret  type Open @auth { x: Int }  type Secret ${ADMINS} { x: Int }`,
    ],
    ['an interface', `interface Found ${ADMINS} { x: Int }  type Secret implements Found ${ADMINS} { x: Int }`],
  ])('those of %s too', (_what, sdl) => {
    const { field } = compile(`type Query { found: FoundConnection @auth  edge: FoundEdge @auth } ${sdl}
      type FoundConnection { nodes: [Found]  totalCount: Int }  type FoundEdge { cursor: String  node: Found }`);
    expect(field('Query', 'found').rule.text).toBe('@auth(groups: ["Admins"])');
    expect(field('Query', 'edge').rule.text).toBe('@auth(groups: ["Admins"])');
  });

  it('and of what lies behind two pages', () => {
    const { field } = compile(`type Query { a: AConnection @auth }  type A ${ADMINS} { x: Int }
      type AConnection { edges: [AEdge]  totalCount: Int }  type AEdge { node: A }`);
    expect(field('Query', 'a').rule.text).toBe('@auth(groups: ["Admins"])');
  });
});

describe('a root is entered by an operation alone: it does not build', () => {
  it.each([
    ['as what a query returns', 'type Query { write: Mutation @auth } type Mutation { a: Int @auth }', 'Query.write'],
    ['as what an object returns', `type Query { a: A @auth } type A @auth { up: [Query!] }`, 'A.up'],
    [
      'in a union',
      'type Query { u: U @auth } union U = Mutation | A type Mutation { a: Int @auth } type A @auth { a: Int }',
      'Query.u',
    ],
    [
      'behind an interface',
      'type Query implements N { a: Int @auth  n: N @auth } interface N { a: Int @auth }',
      'Query.n',
    ],
    ['in a payload', `${QUERY} type Mutation { a: APayload @auth } type APayload { query: Query }`, 'APayload.query'],
  ])('%s', (_where, sdl, field) => {
    expect(() => compile(sdl)).toThrow(
      new RegExp(`${field}: returns (Query|Mutation), which only an operation enters`),
    );
  });
});
