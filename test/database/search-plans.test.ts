import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainContext } from '../../src/domain/context.ts';
import { listMembers } from '../../src/domain/membership/index.ts';
import { listUsers } from '../../src/domain/user/index.ts';
import type { Database } from '../../src/store/database.ts';
import { withClient } from '../support/database.ts';
import { createStoreWorld, openStore, type Store, type StoreWorld } from '../support/store-world.ts';
import { anAdmin, aUser } from '../unit/access/fixtures.ts';

const FILL = `
with made as (
  insert into users (id, pool_id, username, email_key, display_name)
    select gen_random_uuid(), 'pool', n::text, 'u' || lpad(n::text, 6, '0') || '@crowd.test', 'Somebody'
    from generate_series(1, 20000) n
  returning id, email_key
)
insert into memberships (id, tenant_id, user_id, role, email_key)
  select gen_random_uuid(), $1, id, 'MEMBER', email_key from made`;

let world: StoreWorld;
let store: Store;
beforeAll(async () => {
  world = await createStoreWorld();
  store = openStore(world.database.appUrl, 1);
  await withClient(world.database.ownerUrl, async (owner) => {
    await owner.query(FILL, [world.acme]);
    await owner.query('vacuum analyze users, memberships');
  });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const LISTS = {
  members: listMembers,
  users: listUsers,
} as const;

/** Blocks PostgreSQL touches for the page that is searched for so. */
async function blocksOf(list: keyof typeof LISTS, search: string): Promise<number> {
  const asked: Parameters<Database['query']>[] = [];
  const query = async (...args: Parameters<Database['query']>) => {
    asked.push(args);
    return [];
  };
  const principal = list === 'users' ? anAdmin() : aUser({ tenantId: world.acme, groups: ['TenantMembers'] });
  await LISTS[list]({ principal, database: { query } } as unknown as DomainContext, { search });
  const [first] = asked;
  if (first === undefined) throw new Error('the list sent no query');
  const [scope, { name, text }, values] = first;
  const explained = { name: `explain-${name}`, text: `explain (analyze, buffers, format json) ${text}` };
  const [row] = await store.query<{ readonly 'QUERY PLAN': readonly [{ readonly Plan: Record<string, number> }] }>(
    scope,
    explained,
    values,
  );
  const plan = row?.['QUERY PLAN'][0].Plan ?? {};
  return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
}

describe.each(['members', 'users'] as const)('a search for one among twenty thousand %s', (list) => {
  it('reads no more for the last of them than for the first', async () => {
    const [first, last] = [await blocksOf(list, 'u000001@'), await blocksOf(list, 'u019999@')];
    expect(first).toBeGreaterThan(0);
    expect(last).toBeLessThanOrEqual(first + 10);
  });
});
