import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListAuditEventsArgs, listAuditEvents } from '../../src/domain/audit-trail/index.ts';
import type { DomainContext } from '../../src/domain/context.ts';
import type { Database } from '../../src/store/database.ts';
import { withClient } from '../support/database.ts';
import { createStoreWorld, openStore, type Store, type StoreWorld, tenantOf } from '../support/store-world.ts';
import { aUser } from '../unit/access/fixtures.ts';

// Most in one tenant, of one kind and by one user: the plan that the common case would choose finds the rare one last.
const FILL = `insert into audit_events (id, tenant_id, at, action, actor_id, target_type, target_id)
  select gen_random_uuid(), case when n % 50 = 0 then $2::uuid else $1::uuid end, timestamptz '2026-01-01' + n * interval '1 s',
    case when n % 1000 = 7 then 'rare' else 'common' end, case when n % 1000 = 8 then 'seldom' else 'often' end, 'Test', n::text
  from generate_series(1, 40000) n`;

let world: StoreWorld;
let store: Store;

beforeAll(async () => {
  world = await createStoreWorld();
  store = openStore(world.database.appUrl, 1);
  await withClient(world.database.ownerUrl, async (owner) => {
    await owner.query(FILL, [world.acme, world.globex]);
    await owner.query('vacuum analyze audit_events');
  });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** How PostgreSQL goes about the page and the total that these arguments ask for, as the tenant's own role. */
async function explain(args: ListAuditEventsArgs): Promise<readonly string[]> {
  const asked: Parameters<Database['query']>[] = [];
  const query = async (...args: Parameters<Database['query']>) => {
    asked.push(args);
    return [{ count: 0 }];
  };
  const ctx = { principal: aUser({ tenantId: world.acme, groups: ['TenantAdmins'] }), database: { query } };
  const page = await listAuditEvents(ctx as unknown as DomainContext, args);
  await page.countAll();
  const plans = asked.map(async ([, { name, text }, values]) => {
    const explained = { name: `explain-${name}`.slice(0, 54), text: `explain (analyze, costs off) ${text}` };
    const rows = await store.query<{ readonly 'QUERY PLAN': string }>(tenantOf(world.acme), explained, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  return Promise.all(plans);
}

const TIME = { since: new Date('2026-01-01T05:00:00Z'), until: new Date('2026-01-01T06:00:00Z') };

const QUESTIONS = [
  ['an action', { action: 'rare' }, 'tenant_id_action_at_id_idx'],
  ['an actor', { actorId: 'seldom' }, 'tenant_id_actor_id_at_id_idx'],
  ['both', { action: 'rare', actorId: 'often' }, 'tenant_id_actor_id_action_at_id_idx'],
  ['a time', TIME, 'tenant_id_at_id_idx'],
  ['an action and a time', { action: 'rare', ...TIME }, 'tenant_id_action_at_id_idx'],
  ['an actor and a time', { actorId: 'seldom', ...TIME }, 'tenant_id_actor_id_at_id_idx'],
  ['everything', { action: 'rare', actorId: 'often', ...TIME }, 'tenant_id_actor_id_action_at_id_idx'],
] as const;

describe('audit events', () => {
  it.each([['nothing', {}, 'tenant_id_at_id_idx'], ...QUESTIONS] as const)(
    'are read off an index in its order, given %s, and none in vain',
    async (_, filter, index) => {
      const [page] = await explain(filter);
      expect(page).toMatch(new RegExp(`Index Scan Backward using audit_events_${index} `));
      expect(page).not.toMatch(/Sort|Seq Scan|Bitmap|Rows Removed by Filter/);
    },
  );

  it.each(QUESTIONS)('are counted without another, given %s', async (_, filter) => {
    const [, total] = await explain(filter);
    expect(total).not.toMatch(/Seq Scan|Rows Removed by Filter/);
  });
});
