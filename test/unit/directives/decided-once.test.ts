import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/graphql/limits.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { aMachine, aUser, NOW } from '../access/fixtures.ts';
import { askServer } from './ask-server.ts';
import { aWorld } from './world.ts';

const ROWS = 100;
const rows = () =>
  Array.from({ length: ROWS }, (_, id) => ({ __typename: id % 2 ? 'Open' : 'Secret', id, owner: { id } }));

/** Called by the first resolver of each operation, after the decisions that are taken before execution. */
let onExecution = () => {};

const world = aWorld(
  `
  type Query { begin: Boolean @public  rows: [Row] @auth  found: [Found] @auth(groups: ["Users"]) }
  type Row @auth(groups: ["Admins", "TenantMembers"]) {
    id: ID  owner: Owner  secret: ID @auth(groups: ["Admins"])  late: ID @auth(maxAuthAgeSeconds: 1)
  }
  type Owner @auth(callers: [USER]) { id: ID  secret: ID @auth(groups: ["Admins"]) }
  union Found = Open | Secret
  type Open @auth { id: ID }
  type Secret @auth(groups: ["Admins"]) { id: ID }
`,
  {
    Query: {
      begin: () => {
        onExecution();
        return true;
      },
      rows,
      found: rows,
    },
  },
);
const QUERY = '{ begin rows { id secret late owner { id secret } } more: rows { secret } found { __typename } }';

// The rules of QUERY refuse each of these something, nothing, and everything.
const MEMBER = aUser();
const FRESH_ADMIN = aUser({ groups: ['Admins', 'Users', 'TenantMembers'], authenticatedAt: NOW });
const NOBODY = aMachine({ scopes: [] });

async function ask(principal: Principal, whenExecuted = () => {}) {
  onExecution = whenExecuted;
  const answer = await askServer(world, principal, { query: QUERY }, { limits: { ...DEFAULT_LIMITS, cost: 1e6 } });
  const { data, errors, lines } = answer;
  const refusals = errors.map(({ path, extensions }) => `${extensions?.['code']} at ${path?.join('.')}`);
  return { data: JSON.stringify(data), refusals, lines };
}

describe('a page of a hundred rows', () => {
  it.each([
    ['refuses', MEMBER, FRESH_ADMIN],
    ['allows', FRESH_ADMIN, NOBODY],
  ])('has each rule that %s decided once, before and during execution together', async (_, principal, becomes) => {
    const caller = { ...principal };
    // A rule that is decided again during execution is decided for somebody else.
    const answer = await ask(caller, () => Object.assign(caller, becomes));
    expect(answer).toEqual(await ask(principal));
    expect(answer.data).not.toEqual((await ask(becomes)).data);
  });

  it('has them decided anew for the next request, though the caller is the same', async () => {
    const caller = { ...MEMBER };
    expect(await ask(caller)).toEqual(await ask(MEMBER));
    Object.assign(caller, FRESH_ADMIN);
    expect((await ask(caller)).refusals).toEqual([]);
  });

  it('is refused at every row, and told of in the log once for each field', async () => {
    const { refusals, lines } = await ask(MEMBER);
    expect(refusals.filter((refusal) => refusal.includes(' at rows.'))).toHaveLength(3 * ROWS);
    expect(lines).toMatchObject([
      { level: 'info', code: 'FORBIDDEN', path: 'rows.secret', field: 'Row.secret' },
      { level: 'info', code: 'STEP_UP_REQUIRED', path: 'rows.late', field: 'Row.late' },
      { level: 'info', code: 'FORBIDDEN', path: 'rows.owner.secret', field: 'Owner.secret' },
      { level: 'info', code: 'FORBIDDEN', path: 'more.secret', field: 'Row.secret' },
      { level: 'info', code: 'FORBIDDEN', path: 'found', field: 'Query.found' },
    ]);
  });
});
