import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../../src/access/decide.ts';
import { DEFAULT_LIMITS } from '../../../src/graphql/limits.ts';
import { anAdmin, aUser } from '../access/fixtures.ts';
import { askServer } from './ask-server.ts';
import { aWorld } from './world.ts';

vi.mock('../../../src/access/decide.ts', { spy: true });

const ROWS = 100;
const rows = () =>
  Array.from({ length: ROWS }, (_, id) => ({ __typename: id % 2 ? 'Open' : 'Secret', id, owner: { id } }));

const world = aWorld(
  `
  type Query { rows: [Row] @auth  found: [Found] @auth(groups: ["Users"]) }
  type Row @auth(groups: ["Admins", "TenantMembers"]) {
    id: ID  owner: Owner  secret: ID @auth(groups: ["Admins"])  late: ID @auth(maxAuthAgeSeconds: 1)
  }
  type Owner @auth(callers: [USER]) { id: ID  secret: ID @auth(groups: ["Admins"]) }
  union Found = Open | Secret
  type Open @auth { id: ID }
  type Secret @auth(groups: ["Admins"]) { id: ID }
`,
  { Query: { rows, found: rows } },
);
const QUERY = '{ rows { id secret late owner { id secret } } more: rows { secret } found { __typename } }';

const ask = (principal: Parameters<typeof askServer>[1]) =>
  askServer(world, principal, { query: QUERY }, { limits: { ...DEFAULT_LIMITS, cost: 1e6 } });
const decided = () => vi.mocked(decide).mock.calls.map(([rule]) => rule.text);

describe('a page of a hundred rows', () => {
  beforeEach(() => vi.clearAllMocks());

  it.each([
    ['refuses', aUser()],
    ['allows', anAdmin()],
  ])('has each rule that %s decided once, before and during execution together', async (_, principal) => {
    await ask(principal);
    expect(decided()).toEqual([...new Set(decided())]);
    expect(decided()).toContain('@auth(groups: ["Admins", "TenantMembers"])');
  });

  it('has them decided anew for the next request, though the caller is the same', async () => {
    const principal = aUser();
    await ask(principal);
    const once = decided();
    await ask(principal);
    expect(decided()).toEqual([...once, ...once]);
  });

  it('is refused at every row, and told of in the log once for each field', async () => {
    const { errors, log } = await ask(aUser());
    expect(errors.filter(({ path }) => path?.[0] === 'rows')).toHaveLength(3 * ROWS);
    expect(vi.mocked(log.info).mock.calls.map(([entry]) => entry)).toMatchObject([
      { code: 'FORBIDDEN', path: 'rows.secret', field: 'Row.secret' },
      { code: 'STEP_UP_REQUIRED', path: 'rows.late', field: 'Row.late' },
      { code: 'FORBIDDEN', path: 'rows.owner.secret', field: 'Owner.secret' },
      { code: 'FORBIDDEN', path: 'more.secret', field: 'Row.secret' },
      { code: 'FORBIDDEN', path: 'found', field: 'Query.found' },
    ]);
  });
});
