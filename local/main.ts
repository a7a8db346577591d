import { join, resolve } from 'node:path';
import { type App, type AppOptions, createApp } from '../src/app.ts';
import { type Config, requireComplete } from '../src/config.ts';
import { toMigrationFolders } from '../src/modules/join-modules.ts';
import { loadModules } from '../src/modules/load-modules.ts';
import type { Module } from '../src/modules/module.ts';
import { run, type Started, toAppOptions } from '../src/process.ts';
import { createDatabase } from '../src/store/database.ts';
import { grantReach, migrate, toLogin } from '../src/store/migrate.ts';
import { persist } from '../src/user-pool/persist.ts';
import { EXAMPLE_USER, toBanner } from './banner.ts';
import { type LocalDatabase, startLocalDatabase } from './database/start-local-database.ts';
import { createFileResolver } from './dns.ts';
import { createMailboxMailer } from './mailbox/mailer.ts';
import { noteRunning } from './running.ts';
import { DEMO_PASSWORD } from './seed/demo.ts';
import { createPoolClient, isOtherCredential, signIn } from './seed/pool-users.ts';
import { seedScopes } from './seed/scopes.ts';
import { needsSeed, seed } from './seed/seed.ts';
import { makeLocalFolder, toPoolPort, toStandIns, withLocalPool } from './stand-ins.ts';
import { step } from './terminal.ts';
import { type LocalUserPool, type OwnClientOptions, startLocalUserPool } from './user-pool/index.ts';

// A frontend under development listens on 3000 more often than anywhere else.
const INVITATION_PAGE = 'http://localhost:3000/invitation';
const SEED_ATTEMPTS = 6;

await run(startOnThisMachine);

/** The product with a stand-in for each part of AWS that the configuration leaves out. */
async function startOnThisMachine(given: Config): Promise<Started> {
  await using parts = new AsyncDisposableStack();
  const standIns = toStandIns(given);
  if (standIns.database || standIns.userPool) makeLocalFolder(given);
  const config = standIns.userPool ? withLocalPool(given) : given;

  const database = standIns.database ? await startDatabase(config) : null;
  if (database) parts.defer(() => database.close());
  const complete = requireComplete(database ? { ...config, DATABASE_URL: database.appUrl } : config);
  const pool = standIns.userPool ? await startPool(config) : null;
  if (pool) parts.defer(() => pool.close());

  const demoToken = pool && (() => signInOnce(pool, EXAMPLE_USER));
  const options = await toAppOptions({ ...complete, LOG_LEVEL: complete.LOG_LEVEL ?? 'warn' });
  const app = await step('API', () =>
    createApp(
      {
        ...options,
        userPool: { ...options.userPool, local: pool && { endpoint: pool.endpoint, keySetUrl: pool.jwksUri } },
        identityPool: options.identityPool && { ...options.identityPool, endpoint: pool?.endpoint ?? null },
        browserSessions: toBrowserSessions(options.browserSessions, pool, config),
        mail: options.mail ?? (pool && toMailboxMail(pool, complete)),
        sandbox: options.sandbox && { demoToken },
      },
      pool ? { resolveTxt: createFileResolver(join(complete.LOCAL_DIR, 'dns.txt')) } : {},
    ),
  );
  parts.use(app);
  if (pool) {
    const { LOCAL_DIR, DATABASE_URL, TRIGGER_SECRETS } = complete;
    connectTriggers(pool, app, TRIGGER_SECRETS);
    await seedOnce(pool, DATABASE_URL, options.modules);
    parts.use(noteRunning(LOCAL_DIR, { poolEndpoint: pool.endpoint, databaseUrl: DATABASE_URL }));
  }

  const token = demoToken && (await demoToken());
  const facts = { poolEndpoint: pool?.endpoint ?? null, token, dataDir: database?.dataDir ?? null };
  process.stdout.write(toBanner({ url: app.url, port: config.PORT, localDir: config.LOCAL_DIR, ...facts }));
  const opened = parts.move();
  return { drain: app.drain, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function startDatabase({ LOCAL_DIR, MODULES }: Config): Promise<LocalDatabase> {
  const database = await step('PostgreSQL', () => startLocalDatabase({ dir: resolve(LOCAL_DIR, 'database') }));
  const { ownerUrl, appUrl } = database;
  await step('Migrations', async () => {
    await migrate({ ownerUrl, folders: toMigrationFolders(await loadModules(MODULES)) });
    await grantReach({ ownerUrl, login: toLogin(appUrl) });
  });
  return database;
}

function startPool(config: Config): Promise<LocalUserPool> {
  const stateFile = resolve(join(config.LOCAL_DIR, 'user-pool.json'));
  const browser = toBrowserUrls(config);
  return step('User pool', () =>
    startLocalUserPool({ stateFile, port: toPoolPort(config), trigger: null, ...browser }),
  );
}

/** A browser comes back under whichever name of this machine it went out by. */
function toOrigins({ PORT }: Config): [string, string] {
  return [`http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`];
}

function toBrowserUrls(config: Config): OwnClientOptions {
  const origins = toOrigins(config);
  return {
    callbackUrls: origins.map((origin) => `${origin}/session/callback`),
    logoutUrls: [...origins.map((origin) => `${origin}/session`), config.SESSION_HOME_URL ?? []].flat(),
  };
}

function toBrowserSessions(sessions: AppOptions['browserSessions'], pool: LocalUserPool | null, config: Config) {
  return sessions && pool ? { ...sessions, origins: toOrigins(config) } : sessions;
}

function toMailboxMail({ mailbox }: LocalUserPool, { INVITATION_URL }: Config): AppOptions['mail'] {
  return { mailer: createMailboxMailer(mailbox), invitationUrl: INVITATION_URL ?? INVITATION_PAGE };
}

async function seedOnce({ endpoint }: LocalUserPool, url: string, modules: readonly Module[]): Promise<void> {
  const pool = createPoolClient(endpoint);
  const database = createDatabase({ url, poolSize: 1, preparedStatements: false });
  try {
    await seedScopes(
      pool,
      modules.flatMap(({ scopes }) => scopes),
    );
    // What is there already is left alone, so that a machine with too much to do may try again.
    const isNeeded = await persist(SEED_ATTEMPTS, () => needsSeed({ pool, database }));
    if (isNeeded) await step('Demo data', () => persist(SEED_ATTEMPTS, () => seed({ pool, database })));
  } finally {
    await database.close();
    pool.destroy();
  }
}

// The API is told of users by the pool, and asks the pool for its keys: one of them must be there first.
function connectTriggers(pool: LocalUserPool, app: App, [secret]: readonly string[]): void {
  if (secret) pool.setTrigger({ url: `${app.url}/triggers/cognito`, secret });
}

/** Null for a demo user who signs in with another password, or with an authenticator app, by now. */
async function signInOnce({ endpoint }: LocalUserPool, email: string): Promise<string | null> {
  const client = createPoolClient(endpoint);
  try {
    return await signIn(client, email, DEMO_PASSWORD);
  } catch (error) {
    if (isOtherCredential(error)) return null;
    throw error;
  } finally {
    client.destroy();
  }
}
