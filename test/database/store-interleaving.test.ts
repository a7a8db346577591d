import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopedQuery } from '../../src/store/scoped-query.ts';
import {
  createStoreWorld,
  NOTHING_LEFT,
  openStore,
  type Store,
  type StoreWorld,
  selfOf,
  tenantOf,
} from '../support/store-world.ts';
import { IS_WHOLE } from '../support/stress.ts';

// None has a condition of its own: what they return is what the database lets through.
const READS = {
  memberships: {
    name: 'mixture-memberships',
    text: 'select id, tenant_id as "tenantId", user_id as "userId" from memberships',
  },
  tenants: { name: 'mixture-tenants', text: 'select id as "tenantId" from tenants' },
  users: { name: 'mixture-users', text: 'select id as "userId" from users' },
};
const FAILURES = {
  parse: { name: 'mixture-parse', text: 'selekt' },
  bind: { name: 'mixture-bind', text: `select 'no id'::text::uuid = $1::uuid` },
  run: { name: 'mixture-run', text: 'select 1 / (select 0) from memberships' },
  slow: { name: 'mixture-slow', text: 'select pg_sleep(60) from memberships' },
};
/** The server stops a statement that takes longer, and keeps the connection. */
const HASTY = { statementTimeoutMs: 50, answerTimeoutMs: 60_000 };
const PATIENT = { statementTimeoutMs: 60_000, answerTimeoutMs: 60_000 };
const CALLERS = ['acme', 'globex', 'mia', 'gina', 'dora'] as const;

type Step = { readonly caller: (typeof CALLERS)[number] } & (
  | { readonly read: keyof typeof READS }
  | { readonly failure: keyof typeof FAILURES }
  | { readonly bare: true }
);
type Row = { readonly tenantId?: string; readonly userId?: string };

const caller = fc.constantFrom(...CALLERS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ caller, read: fc.constantFrom('memberships', 'tenants', 'users') }) },
  { weight: 3, arbitrary: fc.record({ caller, bare: fc.constant(true as const) }) },
  { weight: 3, arbitrary: fc.record({ caller, failure: fc.constant('run' as const) }) },
  { weight: 1, arbitrary: fc.record({ caller, failure: fc.constantFrom('parse', 'bind', 'slow') }) },
);

let world: StoreWorld;
let stores: readonly { readonly store: Store; readonly preparedStatements: boolean }[];
beforeAll(async () => {
  world = await createStoreWorld();
  stores = [true, false].map((preparedStatements) => {
    return { store: openStore(world.database.appUrl, 2, { preparedStatements }), preparedStatements };
  });
});
afterAll(async () => {
  for (const { store } of stores) await store[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

describe('any mixture of callers, reads and failures over two connections', () => {
  it('shows nobody a row that is not theirs, and everybody all that are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 1), fc.array(step, { minLength: 2, maxLength: 12 }), async (which, steps) => {
        const one = stores[which] ?? expect.fail();
        await Promise.all(steps.map((it) => take(one, it)));
      }),
      { numRuns: IS_WHOLE ? 200 : 50 },
    );
  });
});

async function take({ store, preparedStatements }: (typeof stores)[number], it: Step): Promise<void> {
  const isTenant = it.caller === 'acme' || it.caller === 'globex';
  const scope = isTenant ? tenantOf(world[it.caller]) : selfOf(world[it.caller]);
  if ('bare' in it) expect((await store.readBare()).standing).toEqual(NOTHING_LEFT);
  else if ('failure' in it) {
    const options = { preparedStatements, ...(it.failure === 'slow' ? HASTY : PATIENT) };
    const values = it.failure === 'bind' ? ['x'] : [];
    await expect(scopedQuery(store.pool, options, scope, FAILURES[it.failure], values)).rejects.toThrow();
  } else {
    const rows = await store.query<Row>(scope, READS[it.read]);
    expect(toPairs(rows)).toEqual(expectedOf(it.caller, it.read));
  }
}

/** What each caller has, written down by hand. */
function expectedOf(name: Step['caller'], read: keyof typeof READS): string[] {
  const { acme, globex, mia, gina, dora } = world;
  const places = {
    acme: [
      [acme, mia],
      [acme, dora],
    ],
    globex: [
      [globex, gina],
      [globex, dora],
    ],
    mia: [[acme, mia]],
    gina: [[globex, gina]],
    dora: [
      [acme, dora],
      [globex, dora],
    ],
  }[name];
  const rows = places.map(([tenantId = '', userId = '']) => {
    if (read === 'memberships') return { tenantId, userId };
    return read === 'tenants' ? { tenantId } : { userId };
  });
  return toPairs(rows);
}

function toPairs(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ tenantId, userId }) => `${tenantId} ${userId}`))].toSorted();
}
