import { decodeJwt } from 'jose';
import { vi } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createPoolClient, signIn } from '../../local/seed/pool-users.ts';
import { seed } from '../../local/seed/seed.ts';
import { startLocalUserPool } from '../../local/user-pool/index.ts';
import { type AppTimings, createApp } from '../../src/app.ts';
import { createDatabase, STATEMENT_TIMEOUT_MS } from '../../src/store/database.ts';
import { EVENTUALLY, PATIENT_DATABASE } from './eventually.ts';
import { type FaultyServer, startFaultyServer } from './faulty-server.ts';
import { toOptions, toOverrides } from './product.ts';
import { toEvent } from './webhooks.ts';

export type FaultyProduct = AsyncDisposable & {
  readonly url: string;
  readonly server: FaultyServer;
  /** An access token of mia@acme.test, a MEMBER of acme. */
  readonly token: string;
  /** The pool's call before a token of hers is made. */
  readonly tokenEvent: object;
};

export type FaultyProductOptions = {
  readonly statementTimeoutMs?: number;
  readonly timings?: AppTimings;
};

/** The whole product with the demo data on a database that can be made to fail. */
export async function startFaultyProduct({
  statementTimeoutMs = STATEMENT_TIMEOUT_MS,
  timings = {},
}: FaultyProductOptions = {}): Promise<FaultyProduct> {
  await using parts = new AsyncDisposableStack();
  const server = parts.use(await startFaultyServer());
  const pool = await startLocalUserPool({ stateFile: null, port: 0, trigger: null });
  parts.defer(() => pool.close());
  const sdk = createPoolClient(pool.endpoint);
  parts.defer(() => sdk.destroy());
  const database = createDatabase({
    url: server.appUrl,
    poolSize: 1,
    preparedStatements: true,
    timings: PATIENT_DATABASE,
  });
  await seed({ pool: sdk, database });
  await database.close();

  const options = toOptions(pool, { ownerUrl: server.ownerUrl(), appUrl: server.appUrl, drop: async () => undefined });
  const limited = { ...options, database: { ...options.database, statementTimeoutMs } };
  // A busy machine may need more than one attempt within short limits.
  const app = parts.use(await vi.waitFor(() => createApp(limited, toOverrides({ timings })), EVENTUALLY));
  const [secret = ''] = options.triggerSecrets;
  pool.setTrigger({ url: `${app.url}/triggers/cognito`, secret });
  const token = await vi.waitFor(() => signIn(sdk, 'mia@acme.test', DEMO_PASSWORD), EVENTUALLY);
  const opened = parts.move();
  return {
    url: app.url,
    server,
    token,
    tokenEvent: toTokenEvent(pool, token),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function toTokenEvent(pool: Parameters<typeof toEvent>[0]['pool'], token: string): object {
  const { sub } = decodeJwt(token);
  const userAttributes = { sub: sub ?? '', email: 'mia@acme.test' };
  const groupConfiguration = { groupsToOverride: ['Users'] };
  const rest = { version: '2', request: { userAttributes, groupConfiguration } };
  return toEvent({ pool }, 'TokenGeneration_RefreshTokens', userAttributes, rest);
}
