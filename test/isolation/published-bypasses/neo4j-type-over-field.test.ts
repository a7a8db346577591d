import { beforeEach, describe, expect, it } from 'vitest';
import { anAdmin, aUser } from '../../unit/access/fixtures.ts';
import { aWorld, createRecorder } from '../../unit/directives/world.ts';

const { ran, record } = createRecorder();
const aLedger = () => ({ id: '1' });

const MEMBERS = '@auth(groups: ["TenantMembers"])';
const ADMINS = '@auth(groups: ["Admins"])';
const world = aWorld(
  `type Query { ledger: Ledger @auth  own: Ledger ${ADMINS} }
  type Mutation { closeLedger: Ledger ${ADMINS} }
  type Ledger ${MEMBERS} { id: ID  balance: Int ${ADMINS} }
  extend type Ledger { debt: Int ${ADMINS} }`,
  {
    Query: { ledger: record('ledger', aLedger), own: record('own', aLedger) },
    Mutation: { closeLedger: record('closeLedger', aLedger) },
    Ledger: { balance: record('balance', () => 100), debt: record('debt', () => 100) },
  },
);

describe('CVE-2026-19869 (Neo4j GraphQL): beside a rule on the type, the stricter one on its field was dropped', () => {
  beforeEach(() => void ran.splice(0));

  it.each([
    ['a field of the type', '{ ledger { id balance } }', 'ledger.balance'],
    ['a field that an extension added', '{ ledger { debt } }', 'ledger.debt'],
  ])('%s asks for its own rule as well', async (_which, query, path) => {
    expect((await world.ask(aUser(), query)).refusals).toEqual([`FORBIDDEN at ${path}`]);
    expect(ran).toEqual(['ledger']);
  });

  it.each([
    ['a query', '{ own { id } }', 'own'],
    ['a mutation', 'mutation { closeLedger { id } }', 'closeLedger'],
  ])('%s that returns the type asks for its own rule as well', async (_which, query, path) => {
    expect((await world.ask(aUser(), query)).refusals).toEqual([`FORBIDDEN at ${path}`]);
    expect(ran).toEqual([]);
  });

  it("the rule of the type is not dropped for the field's either", async () => {
    expect((await world.ask(anAdmin(), '{ own { id } }')).refusals).toEqual(['FORBIDDEN at own']);
    expect(ran).toEqual([]);
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
