import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Scope } from '../../../src/store/scope.ts';
import { stampRow } from '../../../src/store/stamp.ts';
import { ACME, anAdmin, aUser, GLOBEX } from '../../unit/access/fixtures.ts';
import { aWorld, createRecorder } from '../../unit/directives/world.ts';

const { ran, record } = createRecorder();
const readEmail = record('email', ({ email }: { readonly email: string }) => email);
const list = vi.fn<() => readonly object[]>();

const ADMINS = '@auth(groups: ["Admins"])';
const world = aWorld(
  `type Query { users: [User] @auth  staff: [Staff] @auth  every: [User] @auth @tenantScoped(reach: PLATFORM) }
  type User @tenantScoped { id: ID  tenantId: ID  email: String @auth  phone: String ${ADMINS} }
  type Staff ${ADMINS} { id: ID  email: String @auth(callers: [USER]) }`,
  {
    Query: { users: () => list(), staff: record('staff', () => list()), every: () => list() },
    User: { email: readEmail },
  },
);

const aRow = (tenantId: string) => ({ id: `of ${tenantId}`, tenantId, email: 'somebody@example.com', phone: '1' });
const PLATFORM: Scope = { reach: 'PLATFORM', tenantId: null, userId: 'root' };

describe('CASL #957: a rule without a condition, for one field, took the conditions off every row', () => {
  beforeEach(() => {
    ran.length = 0;
  });

  it('a field that any caller may read shows it of no foreign row', async () => {
    list.mockReturnValue([aRow(ACME), aRow(GLOBEX)]);
    const { data, refusals } = await world.ask(aUser(), '{ users { email } }');
    expect(data).toEqual({ users: [{ email: 'somebody@example.com' }, null] });
    expect(refusals).toEqual(['NOT_FOUND at users.1']);
    expect(ran).toEqual(['email']);
  });

  it('a field with an easier rule than its type opens nothing of the type', async () => {
    list.mockReturnValue([{ id: '1', email: 'root@example.com' }]);
    expect((await world.ask(aUser(), '{ staff { email } }')).refusals).toEqual(['FORBIDDEN at staff']);
    expect(ran).toEqual([]);
  });

  it('a field with a harder rule than its type takes no condition off its neighbours', async () => {
    list.mockReturnValue([aRow(GLOBEX)]);
    const { data } = await world.ask(anAdmin({ tenantId: ACME }), '{ users { id phone } }');
    expect(data).toEqual({ users: [null] });
  });

  it("rows read for staff under a wider reach are nobody else's", async () => {
    list.mockReturnValue([stampRow(aRow(GLOBEX), PLATFORM)]);
    expect((await world.ask(aUser(), '{ every { email } }')).refusals).toEqual(['NOT_FOUND at every.0']);
    expect((await world.ask(anAdmin(), '{ every { phone } }')).refusals).toEqual([]);
  });

  it.each([
    ['on a field', `type Query { a: Int @auth ${ADMINS} }`, 'Query.a: bare @auth beside another'],
    ['on a type', `type Query { a: A @auth } type A ${ADMINS} @auth { x: Int }`, 'A: bare @auth beside another'],
  ])('an alternative without a condition, which would stand for all, does not build %s', (_where, sdl, problem) => {
    expect(() => aWorld(sdl, {})).toThrow(problem);
  });
});
