import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ACME, anAdmin, aUser, GLOBEX } from '../../unit/access/fixtures.ts';
import { aWorld, createRecorder } from '../../unit/directives/world.ts';

const { ran, record } = createRecorder();
const readRevenue = record('revenue', () => 5);
const find = vi.fn<() => unknown>();

const aGrid = (typeName: string, more: object = {}) => ({ __typename: typeName, ...more });

const SDL = `type Query { grid: Grid @auth  grids: [Grid] @auth  nested: [[Grid]] @auth }
  union Grid = AdminGrid | UserGrid | TenantGrid
  type AdminGrid @auth(groups: ["Admins"]) { revenue: Int }
  type UserGrid @auth { column: String }
  type TenantGrid @tenantScoped { tenantId: ID  column: String }`;
const Query = { grid: () => find(), grids: () => find(), nested: () => find() };
const typeNameOf = ({ __typename }: { readonly __typename: string }) => __typename;

/** Every way a server may come to know which type an object is. */
const WAYS = {
  'the name on the row': {},
  'a function': { Grid: { __resolveType: typeNameOf } },
  'a function that takes its time': { Grid: { __resolveType: async (row: never) => typeNameOf(row) } },
  'a thenable': { Grid: { __resolveType: (row: never) => aThenable(typeNameOf(row)) } },
  'each type itself': Object.fromEntries(
    ['AdminGrid', 'UserGrid', 'TenantGrid'].map((name) => [
      name,
      { __isTypeOf: async (row: never) => typeNameOf(row) === name },
    ]),
  ),
};

// Gives its value on, whatever its callback makes of it.
function aThenable(value: string) {
  const then = (give: (value: string) => unknown) => {
    const given = Promise.resolve(value).then(give);
    given.catch(() => undefined);
    return Promise.resolve(value);
  };
  return { then };
}

describe.each(Object.entries(WAYS))(
  'mercurius-auth #98: the rules of the members of a union were never asked, its member told by %s',
  (_by, more) => {
    const world = aWorld(SDL, { ...more, Query, AdminGrid: { revenue: readRevenue } });
    beforeEach(() => {
      ran.length = 0;
    });

    it('a member that is closed is refused, and nothing of it is read', async () => {
      find.mockReturnValue(aGrid('AdminGrid'));
      const { data, refusals } = await world.ask(aUser(), '{ grid { __typename ... on AdminGrid { revenue } } }');
      expect({ data, refusals }).toEqual({ data: { grid: null }, refusals: ['FORBIDDEN at grid'] });
      expect(ran).toEqual([]);
    });

    it('a member that nobody selects is not told by name', async () => {
      find.mockReturnValue(aGrid('AdminGrid'));
      expect((await world.ask(aUser(), '{ grid { __typename } }')).refusals).toEqual(['FORBIDDEN at grid']);
    });

    it('each is judged at its own place in a list', async () => {
      find.mockReturnValue([
        aGrid('UserGrid', { column: 'a' }),
        aGrid('AdminGrid'),
        Promise.resolve(aGrid('AdminGrid')),
      ]);
      const { data, refusals } = await world.ask(aUser(), '{ grids { ... on UserGrid { column } } }');
      expect(data).toEqual({ grids: [{ column: 'a' }, null, null] });
      expect(refusals.toSorted()).toEqual(['FORBIDDEN at grids.1', 'FORBIDDEN at grids.2']);
    });

    it('and in a list of lists, where a foreign row is none', async () => {
      find.mockReturnValue([[aGrid('TenantGrid', { tenantId: ACME })], [aGrid('TenantGrid', { tenantId: GLOBEX })]]);
      const { data, refusals } = await world.ask(aUser(), '{ nested { ... on TenantGrid { tenantId } } }');
      expect({ data, refusals }).toEqual({
        data: { nested: [[{ tenantId: ACME }], [null]] },
        refusals: ['NOT_FOUND at nested.1.0'],
      });
    });

    it('whoever may read the member does', async () => {
      find.mockReturnValue(aGrid('AdminGrid'));
      expect((await world.ask(anAdmin(), '{ grid { ... on AdminGrid { revenue } } }')).data).toEqual({
        grid: { revenue: 5 },
      });
    });
  },
);

describe('mercurius-auth #98: a type that is told wrong opens nothing', () => {
  it.each([
    ['no type of the union', 'Query'],
    ['no type at all', 'Nothing'],
    ['the union itself', 'Grid'],
    ['a name every object has', 'constructor'],
    ['nothing', undefined],
    ['what only reads like a name', ['AdminGrid']],
  ])('%s', async (_what, told) => {
    const lying = aWorld(SDL, {
      Grid: { __resolveType: () => told as string },
      Query: { ...Query, grid: () => ({ revenue: 1 }) },
    });
    const { data, refusals } = await lying.ask(aUser(), '{ grid { ... on AdminGrid { revenue } } }');
    expect(data).toEqual({ grid: null });
    expect(refusals).toHaveLength(1);
  });
});
