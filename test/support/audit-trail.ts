import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createSealKey, FIRST_ID, type Head, sealPage, verifyTrail } from '../../src/domain/audit-trail/index.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { PATIENT_DATABASE } from './eventually.ts';
import { AUDIT_SECRET } from './product.ts';
import { createStoreWorld, type StoreWorld } from './store-world.ts';

export const KEY = createSealKey(AUDIT_SECRET);
export const OTHER_KEY = createSealKey('whsec_YW5vdGhlciBzZWNyZXQgb2YgYW4gYXVkaXQgdHJhaWw=');

export type Trail = AsyncDisposable & {
  readonly world: StoreWorld;
  readonly database: Database;
  /** SQL as the owner of the database, one statement after another. */
  sql<Row extends object>(...statements: readonly string[]): Promise<Row[]>;
  /** An event as the product writes them, unless `values` say otherwise; its id. */
  addEvent(tenantId: string | null, values?: { readonly id?: string; readonly at?: Date }): Promise<string>;
  /** Seals all that is not, as the job does when it starts. */
  seal(key?: typeof KEY): Promise<void>;
  /** The faults found, as `KIND seal`. */
  verify(heads?: readonly Head[], keys?: readonly (typeof KEY)[]): Promise<readonly string[]>;
};

/** An audit trail to seal and to tamper with, in a database of its own. */
export async function openTrail(): Promise<Trail> {
  const world = await createStoreWorld();
  const database = createDatabase({
    url: world.database.appUrl,
    poolSize: 4,
    preparedStatements: true,
    timings: PATIENT_DATABASE,
  });
  const owner = new pg.Client({ connectionString: world.database.ownerUrl });
  await owner.connect();
  const sql = async <Row extends object>(...statements: readonly string[]) => {
    const rows: Row[] = [];
    for (const statement of statements) rows.push(...(await owner.query(statement)).rows);
    return rows;
  };
  return {
    world,
    database,
    sql,
    addEvent: async (tenantId, { id = uuidv7(), at = new Date() } = {}) => {
      await sql(`insert into audit_events
        (id, tenant_id, at, action, actor_id, actor_kind, target_type, target_id, request_id, changes, reason, ip)
        values ('${id}', ${tenantId && `'${tenantId}'`}, '${at.toISOString()}', 'test.act', 'mia', 'USER', 'Test', 'one',
          'request-1', '{"role": ["MEMBER", "ADMIN"]}', 'because', '192.0.2.7')`);
      return id;
    },
    seal: (key = KEY) => sealAll(database, key),
    verify: async (heads = [], keys = [KEY]) => {
      const faults: string[] = [];
      for await (const { kind, seq } of verifyTrail({ database, keys, heads })) {
        faults.push(seq === null ? kind : `${kind} ${seq}`);
      }
      return faults;
    },
    [Symbol.asyncDispose]: async () => {
      await owner.end();
      await database.close();
      await world[Symbol.asyncDispose]();
    },
  };
}

async function sealAll(database: Database, key: typeof KEY): Promise<void> {
  let from: string | null = FIRST_ID;
  while (from !== null) from = (await sealPage(database, key, from))?.next ?? null;
}
