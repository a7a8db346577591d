import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { dropReadOnly } from './drop-read-only.ts';
import { dropSilent } from './drop-silent.ts';
import { type Scope, SET_TRANSACTION_SCOPE, SYSTEM, toScopeSettings } from './scope.ts';
import { type Statement, scopedQuery } from './scoped-query.ts';
import { toStoreError } from './store-error.ts';
import { TimedPool } from './timed-pool.ts';
import type { WireValue } from './wire-value.ts';

export type Transaction = Prisma.TransactionClient;

/** In milliseconds. */
export type DatabaseTimings = {
  /** A connection is waited for so long: past it an answer comes too late, and the line behind only grows. */
  readonly connectTimeoutMs: number;
  /** Past the server's own limit, so that a slow statement is cancelled there and its connection is kept. */
  readonly answerGraceMs: number;
  /** A readiness check is answered within this time. */
  readonly readyTimeoutMs: number;
  /** Connections older than this are replaced once the server has refused a write for being read-only. */
  readonly replaceAfterMs: number;
};

export const DATABASE_TIMINGS: DatabaseTimings = {
  connectTimeoutMs: 1_000,
  answerGraceMs: 500,
  readyTimeoutMs: 1_000,
  replaceAfterMs: 1_000,
};

export type DatabaseOptions = {
  /** The login role's URL. It must own nothing and inherit nothing (self-check.ts). */
  readonly url: string;
  readonly preparedStatements: boolean;
  /** Connections held at most. */
  readonly poolSize: number;
  /** Milliseconds a statement may take before the server cancels it. */
  readonly statementTimeoutMs?: number;
  /** Those left out are as in DATABASE_TIMINGS. */
  readonly timings?: Partial<DatabaseTimings> | undefined;
  readonly onIdleError?: (error: Error) => void;
};

/** The only two ways to a row: each names its scope first. Throws AppError SERVICE_UNAVAILABLE when no answer can be had. */
export type Database = {
  readonly pool: pg.Pool;
  /** One read in one round trip; rows come stamped with the scope. */
  query<Row extends object>(scope: Scope, statement: Statement, values?: readonly WireValue[]): Promise<Row[]>;
  /** Writes, all or none, under one scope. */
  transaction<Result>(scope: Scope, run: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Milliseconds the caller first in line has waited for a connection; 0 while there is no line (timed-pool.ts). */
  queueMs(): number;
  /** Resolves when the database answers; rejects within two seconds when it does not. */
  assertReady(): Promise<void>;
  close(): Promise<void>;
};

export const STATEMENT_TIMEOUT_MS = 4_000;

const READY = { name: 'ready', text: 'select 1' };

export function createDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const { connectTimeoutMs, answerGraceMs, readyTimeoutMs, replaceAfterMs } = {
    ...DATABASE_TIMINGS,
    ...options.timings,
  };
  const answerTimeoutMs = statementTimeoutMs + answerGraceMs;
  const pool = new TimedPool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'tenantry',
    keepAlive: true,
  });
  dropSilent(pool, answerTimeoutMs);
  dropReadOnly(pool, replaceAfterMs);
  pool.on('error', (error) => options.onIdleError?.(error));
  // A session may be ended in the moment it began, before whoever waits for it can listen; and Node ends the process over
  // an error nobody listens to. He is told when he asks something.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  const queryOptions = { preparedStatements: options.preparedStatements, statementTimeoutMs, answerTimeoutMs };

  return {
    pool,
    query: async (scope, statement, values = []) =>
      scopedQuery<never>(pool, queryOptions, scope, statement, values).catch(rethrow),
    transaction: (scope, run) =>
      prisma
        .$transaction(
          async (tx) => {
            await tx.$queryRawUnsafe(SET_TRANSACTION_SCOPE, ...toScopeSettings(scope, statementTimeoutMs));
            return run(tx);
          },
          { maxWait: connectTimeoutMs, timeout: statementTimeoutMs },
        )
        .catch(rethrow),
    queueMs: () => pool.queueMs(),
    assertReady: async () => {
      await scopedQuery(pool, { ...queryOptions, answerTimeoutMs: readyTimeoutMs }, SYSTEM, READY, []);
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function rethrow(error: unknown): never {
  throw toStoreError(error);
}
