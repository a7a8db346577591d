import { setTimeout as sleep } from 'node:timers/promises';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { inject } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createPoolClient, signIn } from '../../local/seed/pool-users.ts';
import { type LocalUserPool, type OwnClientOptions, startLocalUserPool } from '../../local/user-pool/index.ts';
import { type App, type AppOptions, type AppOverrides, createApp } from '../../src/app.ts';
import { DEFAULT_LIMITS } from '../../src/graphql/limits.ts';
import type { OverloadTimings } from '../../src/http/edge/overload.ts';
import { toMigrationFolders } from '../../src/modules/join-modules.ts';
import type { Module } from '../../src/modules/module.ts';
import { createSeededDatabase, type TestDatabase } from './database.ts';
import { PATIENT_DATABASE } from './eventually.ts';
import { createTranscriptLog } from './transcript.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came, for comparing byte by byte. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers whose shape they assert
  readonly body: any;
};

export type Product = AsyncDisposable & {
  readonly url: string;
  /** Null where the product counts nothing. */
  readonly metricsUrl: string | null;
  readonly pool: LocalUserPool;
  /** The unmodified AWS SDK client, pointed at the local pool. */
  readonly sdk: CognitoIdentityProviderClient;
  readonly database: TestDatabase;
  /** An access token by a demo user's own sign-in, once for each. */
  tokenOf(email: string): Promise<string>;
  /** POST /graphql as this bearer; null is nobody. */
  query(token: string | null, query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  /** SQL as the owner of the database, whom no row policy binds. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
};

/** The signing secret of every test product. */
export const TRIGGER_SECRET = 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtb2YtMzItYnl0ZXM=';

/** Seals the audit trail of every test product. */
export const AUDIT_SECRET = 'whsec_dGVuYW50cnktYXVkaXQtc2VjcmV0LW9mLTMyLWJ5dGU=';

export type ProductOptions = {
  /** Nouns beside Tenantry's own, with their tables. */
  readonly modules?: readonly Module[];
  readonly app?: Partial<AppOptions>;
  readonly overrides?: AppOverrides;
  readonly clock?: () => Date;
  /** How the pool's own app client behaves. */
  readonly client?: OwnClientOptions;
};

/** The whole product with the demo data: real HTTP, a real pool, a database of its own. */
export async function startProduct({
  modules = [],
  app: given,
  overrides,
  clock,
  client,
}: ProductOptions = {}): Promise<Product> {
  const database = await createSeededDatabase(toMigrationFolders(modules));
  const { poolFile: initialFile } = inject('suiteDatabase').seeded;
  const poolOptions = { stateFile: null, initialFile, port: 0, trigger: null, ...client, ...(clock && { clock }) };
  const pool = await startLocalUserPool(poolOptions);
  const sdk = createPoolClient(pool.endpoint);
  const closeParts = async () => {
    sdk.destroy();
    await pool.close();
    await database.drop();
  };
  const app = await createApp({ ...toOptions(pool, database), modules, ...given }, toOverrides(overrides)).catch(
    async (error: unknown) => {
      await closeParts();
      throw error;
    },
  );
  pool.setTrigger({ url: `${app.url}/triggers/cognito`, secret: TRIGGER_SECRET });

  const signIns = new Map<string, Promise<SignIn>>();
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 4 });
  return {
    url: app.url,
    metricsUrl: app.metricsUrl,
    pool,
    sdk,
    database,
    tokenOf: (email) => {
      // One after another, so that many who ask at once make one sign-in.
      const before = signIns.get(email)?.catch(() => null) ?? Promise.resolve(null);
      const current = before.then(async (known) =>
        known !== null && (await isStillGood(owner, known))
          ? known
          : { token: await signInLasting(owner, sdk, email), at: performance.now() },
      );
      signIns.set(email, current);
      return current.then(({ token }) => token);
    },
    query: (token, query, variables, headers) => post(app, token, { query, variables }, headers),
    sql: async (text, values) => (await owner.query(text, values)).rows,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await owner.end();
      await closeParts();
    },
  };
}

/**
 * One more app with options of its own, on the database and the pool of a product that runs. The pool's triggers stay
 * with that product. Disposing of it closes the app alone.
 */
export async function startBeside(
  product: Product,
  { app: given, overrides }: Pick<ProductOptions, 'app' | 'overrides'>,
): Promise<Product> {
  const app = await createApp({ ...toOptions(product.pool, product.database), ...given }, toOverrides(overrides));
  return {
    ...product,
    url: app.url,
    metricsUrl: app.metricsUrl,
    query: (token, query, variables, headers) => post(app, token, { query, variables }, headers),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

const NEVER_SHED: Partial<OverloadTimings> = { maxTurnMs: 120_000, maxQueueMs: 120_000 };

/** A busy machine stops this process now and then: no product refuses or gives up for that, unless its test says so. */
export function toOverrides(given: AppOverrides = {}): AppOverrides {
  return { ...given, timings: { overload: NEVER_SHED, database: PATIENT_DATABASE, ...given.timings } };
}

type SignIn = {
  readonly token: string;
  /** By a clock that no test sets. */
  readonly at: number;
};

// Well below the 15 minutes that some mutations allow: a shared product may run for longer than that.
const MAX_TOKEN_AGE_MS = 5 * 60_000;

/** Whether the token is young, and nothing has ended it, which a test may have done that is not about tokens. */
async function isStillGood(owner: pg.Pool, { token, at }: SignIn): Promise<boolean> {
  if (performance.now() - at > MAX_TOKEN_AGE_MS) return false;
  const { sub, iat = 0 } = decodeJwt(token);
  const ended = await owner.query('select from cutoffs where of_user = $1 and at >= to_timestamp($2) limit 1', [
    sub,
    iat,
  ]);
  return ended.rowCount === 0;
}

/** A sign-in later than any that was ended: those of the same second are ended too. */
async function signInLasting(owner: pg.Pool, sdk: CognitoIdentityProviderClient, email: string): Promise<string> {
  for (;;) {
    const token = await signIn(sdk, email, DEMO_PASSWORD);
    const { sub, auth_time = 0 } = decodeJwt<{ auth_time?: number }>(token);
    const ended = await owner.query(
      `select from cutoffs where kind = 'USER' and of_user = $1 and (value)::bigint >= $2 limit 1`,
      [sub, auth_time],
    );
    if (ended.rowCount === 0) return token;
    await sleep(200);
  }
}

/** What the product under test is made with; a test may make a second one of the same parts. */
export function toOptions(pool: LocalUserPool, database: TestDatabase): AppOptions {
  return {
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    metricsPort: null,
    corsOrigins: [],
    trustedProxies: [],
    maxConnections: 1_000,
    drainMs: 0,
    rateLimits: { callerPerMinute: null, addressPerMinute: null, store: 'memory' },
    limits: DEFAULT_LIMITS,
    tracesUrl: null,
    database: { url: database.appUrl, directUrl: database.appUrl, poolSize: 5, preparedStatements: true },
    sessionMaxDays: 30,
    browserSessions: null,
    userPool: {
      id: pool.poolId,
      clientIds: [pool.clientId],
      keySetFile: null,
      mfaRequiredSince: null,
      local: { endpoint: pool.endpoint, keySetUrl: pool.jwksUri },
    },
    identityPool: { id: pool.identityPool.id, endpoint: pool.endpoint },
    modules: [],
    triggerSecrets: [TRIGGER_SECRET],
    auditSecrets: [AUDIT_SECRET],
    // No row is written by itself while a test counts what was written.
    keepIntervalMs: 3_600_000,
    triggers: {
      allowedDomains: ['acme.test', 'globex.test', 'example.com', 'auto.test'],
      autoConfirmDomains: ['auto.test'],
      defaultGroup: 'Users',
      tenantClaim: 'tenant_id',
    },
    mail: null,
    sandbox: null,
    log: createTranscriptLog(),
  };
}

async function post(app: App, token: string | null, body: object, headers = {}): Promise<Answer> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}
