import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Scope } from '../../src/store/scope.ts';
import type { ScopedQueryOptions, Statement } from '../../src/store/scoped-query.ts';
import { scopedQuery } from '../../src/store/scoped-query.ts';
import type { WireValue } from '../../src/store/wire-value.ts';
import { createTestDatabase, type TestDatabase, withClient } from './database.ts';

export type StoreWorld = AsyncDisposable & {
  readonly database: TestDatabase;
  /** Two tenants: their own member each, and `dora`, who belongs to both. */
  readonly acme: string;
  readonly globex: string;
  readonly mia: string;
  readonly gina: string;
  readonly dora: string;
};

/** Rows for tests of the store, in a database of their own. */
export async function createStoreWorld(): Promise<StoreWorld> {
  const database = await createTestDatabase();
  const [acme, globex, mia, gina, dora] = Array.from({ length: 5 }, () => randomUUID()) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await withClient(database.ownerUrl, async (owner) => {
    await owner.query(`insert into tenants (id, slug, name) values ($1, 'acme', 'Acme'), ($2, 'globex', 'Globex')`, [
      acme,
      globex,
    ]);
    await owner.query(
      `insert into users (id, pool_id, username, display_name) select id, 'pool', id::text, 'Somebody' from unnest($1::uuid[]) id`,
      [[mia, gina, dora]],
    );
    await owner.query(
      `insert into memberships (id, tenant_id, user_id, role)
       select gen_random_uuid(), tenant, member, 'MEMBER' from unnest($1::uuid[], $2::uuid[]) joined (tenant, member)`,
      [
        [acme, acme, globex, globex],
        [mia, dora, gina, dora],
      ],
    );
  });
  return { database, acme, globex, mia, gina, dora, [Symbol.asyncDispose]: database.drop };
}

export type Store = AsyncDisposable & {
  readonly pool: pg.Pool;
  query<Row extends object>(scope: Scope, statement: Statement, values?: readonly WireValue[]): Promise<Row[]>;
  /** What the next user of a connection finds on it who sets nothing himself; and which backend that is. */
  readBare(): Promise<{ readonly pid: number; readonly standing: object }>;
};

/** The store's reads over a pool of `connections`, without what turns their errors into the product's own. */
export function openStore(url: string, connections: number, options: Partial<ScopedQueryOptions> = {}): Store {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  pool.on('error', () => undefined);
  const limits = { preparedStatements: true, statementTimeoutMs: 5_000, answerTimeoutMs: 6_000, ...options };
  return {
    pool,
    query: (scope, statement, values = []) => scopedQuery(pool, limits, scope, statement, values),
    readBare: async () => {
      const { rows } = await pool.query(BARE);
      const { pid, ...standing } = rows[0];
      return { pid, standing };
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

const BARE = `select pg_backend_pid() as pid, current_user = session_user as "isLogin",
  coalesce(current_setting('app.tenant_id', true), '') as tenant, coalesce(current_setting('app.user_id', true), '') as caller,
  current_setting('statement_timeout') as "timeLimit"`;

/** A connection on which no scope was left behind. */
export const NOTHING_LEFT = { isLogin: true, tenant: '', caller: '', timeLimit: '0' };

export const tenantOf = (tenantId: string): Scope => ({ reach: 'TENANT', tenantId, userId: null });
export const selfOf = (userId: string): Scope => ({ reach: 'SELF', tenantId: null, userId });
