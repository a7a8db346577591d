import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anAdmin, aUser } from '../../unit/access/fixtures.ts';
import { aWorld } from '../../unit/directives/world.ts';

const readBalance = vi.fn(() => 100);
const closeLedger = vi.fn(() => ({ id: '1' }));
const openLedger = vi.fn(() => ({ id: '1' }));

const MEMBERS = '@auth(groups: ["TenantMembers"])';
const ADMINS = '@auth(groups: ["Admins"])';
const world = aWorld(
  `type Query { ledger: Ledger @auth  own: Ledger ${ADMINS} }
  type Mutation { closeLedger: Ledger ${ADMINS} }
  type Ledger ${MEMBERS} { id: ID  balance: Int ${ADMINS} }
  extend type Ledger { debt: Int ${ADMINS} }`,
  {
    Query: { ledger: openLedger, own: openLedger },
    Mutation: { closeLedger },
    Ledger: { balance: readBalance, debt: readBalance },
  },
);

describe('CVE-2026-19869 (Neo4j GraphQL): beside a rule on the type, the stricter one on its field was dropped', () => {
  beforeEach(() => vi.clearAllMocks());

  it.each([
    ['a field of the type', '{ ledger { id balance } }', 'ledger.balance'],
    ['a field that an extension added', '{ ledger { debt } }', 'ledger.debt'],
  ])('%s asks for its own rule as well', async (_which, query, path) => {
    expect((await world.ask(aUser(), query)).refusals).toEqual([`FORBIDDEN at ${path}`]);
    expect(readBalance).not.toHaveBeenCalled();
  });

  it.each([
    ['a query', '{ own { id } }', 'own'],
    ['a mutation', 'mutation { closeLedger { id } }', 'closeLedger'],
  ])('%s that returns the type asks for its own rule as well', async (_which, query, path) => {
    expect((await world.ask(aUser(), query)).refusals).toEqual([`FORBIDDEN at ${path}`]);
    expect([openLedger, closeLedger].flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  it("the rule of the type is not dropped for the field's either", async () => {
    expect((await world.ask(anAdmin(), '{ own { id } }')).refusals).toEqual(['FORBIDDEN at own']);
    expect(openLedger).not.toHaveBeenCalled();
  });

  it('whoever meets both reads both', async () => {
    const caller = anAdmin({ groups: ['Admins', 'TenantMembers'] });
    expect((await world.ask(caller, '{ own { balance debt } }')).data).toEqual({ own: { balance: 100, debt: 100 } });
  });

  it.each([
    ['Query', `type Query ${MEMBERS} { a: Int ${ADMINS} }`],
    ['Mutation', `type Query { ok: Boolean @public } type Mutation ${MEMBERS} { a: Int ${ADMINS} }`],
  ])('a rule on %s, which would speak for its fields, does not build', (root, sdl) => {
    expect(() => aWorld(sdl, {})).toThrow(`${root}: a root has no rule of its own; write @auth on each of its fields`);
  });
});
