import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startLocalDatabase } from '../../local/database/start-local-database.ts';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createPoolClient } from '../../local/seed/pool-users.ts';
import { seed } from '../../local/seed/seed.ts';
import { startLocalUserPool } from '../../local/user-pool/index.ts';
import { createDatabase } from '../../src/store/database.ts';
import { grantReach, migrate } from '../../src/store/migrate.ts';
import { withDatabase, withLogin } from './connection-url.ts';
import { PATIENT_DATABASE } from './eventually.ts';
import { assertNoLeaks } from './find-leaks.ts';
import { toServerFolder } from './server-folder.ts';

/** What a test file needs to copy a database of its own from the migrated one. */
export type SuiteDatabase = {
  /** A database to give orders from; tests work in copies of `template`. */
  readonly ownerUrl: string;
  readonly template: string;
  /** The same with the demo data in it, and the pool those people are in. */
  readonly seeded: { readonly template: string; readonly poolFile: string };
  readonly login: { readonly name: string; readonly password: string };
};

declare module 'vitest' {
  interface ProvidedContext {
    readonly suiteDatabase: SuiteDatabase;
  }
}

let stop: (() => Promise<void>) | undefined;

/** Migrates one database for the whole run: on TEST_DATABASE_OWNER_URL, or on an embedded server of the run's own. */
export async function setup(project: TestProject): Promise<void> {
  process.env['TEST_SEED'] ??= String(randomInt(2 ** 31));
  process.stdout.write(`Random tests begin with TEST_SEED=${process.env['TEST_SEED']}\n`);
  const outside = process.env['TEST_DATABASE_OWNER_URL'];
  const server = outside === undefined ? await startServer() : { ownerUrl: outside, close: async () => undefined };
  const template = `tenantry_test_${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-suite-'));
  const suite: SuiteDatabase = {
    ownerUrl: server.ownerUrl,
    template,
    seeded: { template: `${template}_seeded`, poolFile: join(folder, 'user-pool.json') },
    // The same from run to run: on an outside server, runs side by side share the role.
    login: {
      name: 'tenantry_test_app',
      password: createHash('sha256').update(server.ownerUrl).digest('base64url'),
    },
  };
  const transcriptFolder = await mkdtemp(join(tmpdir(), 'tenantry-transcript-'));
  stop = async () => {
    await dropDatabases(suite);
    await server.close();
    await assertNoLeaks(transcriptFolder, [DEMO_PASSWORD, suite.login.password]);
    for (const made of [transcriptFolder, folder]) await rm(made, { recursive: true });
  };
  await execute(suite.ownerUrl, `create database ${template}`);
  const ownerUrl = withDatabase(suite.ownerUrl, template);
  await migrate({ ownerUrl });
  await grantReach({ ownerUrl, login: suite.login });
  await seedSuite(suite);
  project.provide('suiteDatabase', suite);
  project.provide('transcriptFolder', transcriptFolder);
}

/** Once for all: hashing the passwords of the demo users alone takes longer than most tests. */
async function seedSuite({ ownerUrl, template, seeded, login }: SuiteDatabase): Promise<void> {
  await execute(ownerUrl, `create database ${seeded.template} template ${template}`);
  const url = withLogin(withDatabase(ownerUrl, seeded.template), login);
  const database = createDatabase({ url, poolSize: 1, preparedStatements: true, timings: PATIENT_DATABASE });
  await using pool = await startLocalUserPool({ stateFile: seeded.poolFile, port: 0, trigger: null });
  const sdk = createPoolClient(pool.endpoint);
  await seed({ pool: sdk, database });
  sdk.destroy();
  await database.close();
}

/** Fails the run when a log or an answer of it holds what may stand in none; the transcript is then kept. */
export async function teardown(): Promise<void> {
  await stop?.();
}

async function startServer(): Promise<{ readonly ownerUrl: string; readonly close: () => Promise<void> }> {
  const dir = await toServerFolder('test');
  const server = await startLocalDatabase({ dir, durable: false });
  const close = async () => {
    await server.close();
    for (const folder of [dir, dirname(server.dataDir)]) await rm(folder, { recursive: true, force: true });
  };
  return { ownerUrl: server.ownerUrl, close };
}

/** The template and every copy a test left behind. */
async function dropDatabases({ ownerUrl, template }: SuiteDatabase): Promise<void> {
  const names = await execute(ownerUrl, `select datname from pg_database where starts_with(datname, '${template}')`);
  for (const { datname } of names) await execute(ownerUrl, `drop database "${datname}" with (force)`);
}

async function execute(url: string, sql: string): Promise<readonly { readonly datname: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ readonly datname: string }>(sql)).rows;
  } finally {
    await client.end();
  }
}
