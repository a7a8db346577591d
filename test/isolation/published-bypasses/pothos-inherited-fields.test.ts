import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ACME, anAdmin, aUser, GLOBEX } from '../../unit/access/fixtures.ts';
import { aWorld, createRecorder } from '../../unit/directives/world.ts';

const { ran, record } = createRecorder();
const readTitle = record('title', () => 'inherited');
const find = vi.fn<() => object>(() => ({ __typename: 'Draft' }));

const ADMINS = '@auth(groups: ["Admins"])';
const world = aWorld(
  `type Query { content: Content @auth  draft: Draft @auth  page: Page @auth  contents: [Content] @auth }
  interface Content @auth { id: ID  title: String ${ADMINS} }
  interface Shared @auth { id: ID }
  type Draft implements Content & Shared @auth { id: ID  title: String ${ADMINS} }
  type Page implements Content @tenantScoped { id: ID  tenantId: ID  title: String ${ADMINS} }`,
  {
    Query: { content: () => find(), draft: () => find(), page: () => find(), contents: () => [find()] },
    Content: { title: readTitle },
    Draft: { title: readTitle },
    Page: { title: readTitle },
  },
);

describe('Pothos #1763, #1769: a field inherited from an interface was read by the rule of the interface alone', () => {
  beforeEach(() => {
    ran.length = 0;
  });

  it.each([
    ['through the interface', '{ content { title } }', 'content.title'],
    ['through the object', '{ draft { title } }', 'draft.title'],
    [
      'through another interface of the object',
      '{ content { ... on Shared { ... on Draft { title } } } }',
      'content.title',
    ],
    ['in a list of the interface', '{ contents { title } }', 'contents.0.title'],
  ])('an inherited field is refused by its rule %s', async (_way, query, path) => {
    expect((await world.ask(aUser(), query)).refusals).toEqual([`FORBIDDEN at ${path}`]);
    expect(ran).toEqual([]);
  });

  it.each([
    ['the interface', '{ content { id } }', 'content'],
    ['the interface, in a list', '{ contents { id } }', 'contents.0'],
    ['the object', '{ page { id } }', 'page'],
  ])(
    "what the object alone is, its tenant's row, holds for an inherited field through %s",
    async (_way, query, path) => {
      find.mockReturnValueOnce({ __typename: 'Page', id: '1', tenantId: GLOBEX });
      expect((await world.ask(aUser(), query)).refusals).toEqual([`NOT_FOUND at ${path}`]);
    },
  );

  it('and lets the own row pass', async () => {
    find.mockReturnValueOnce({ __typename: 'Page', id: '1', tenantId: ACME });
    expect((await world.ask(aUser(), '{ content { id } }')).data).toEqual({ content: { id: '1' } });
  });

  it('whoever meets the rule reads the field', async () => {
    expect((await world.ask(anAdmin(), '{ content { title } }')).data).toEqual({ content: { title: 'inherited' } });
  });

  it.each([
    ['an object says more', `interface N @auth { x: Int } type A implements N ${ADMINS} { x: Int }`],
    ['a field of the object says more', `interface N @auth { x: Int } type A implements N @auth { x: Int ${ADMINS} }`],
    [
      'one of two interfaces says less',
      `interface N ${ADMINS} { x: Int } interface M @auth { x: Int } type A implements N & M ${ADMINS} { x: Int }`,
    ],
  ])('where %s than the interface, nothing is inherited: it does not build', (_who, sdl) => {
    expect(() => aWorld(`type Query { ok: Boolean @public } ${sdl}`, {})).toThrow(
      /[NM](\.x)?: says .* on both|same rule/,
    );
  });
});
