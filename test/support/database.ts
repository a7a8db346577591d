import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { withDatabase, withLogin } from './connection-url.ts';

export type TestDatabase = {
  /** As the owner: sets the stage. It may be a superuser, whom row policies do not bind. */
  readonly ownerUrl: string;
  /** As the login role of the service: what is under test. */
  readonly appUrl: string;
  /** Ends whoever is still connected and removes the database. */
  readonly drop: () => Promise<void>;
};

/**
 * A migrated database without rows for one test file, with the migrations of further folders on top. What a file does not
 * drop goes at the end of the run.
 */
export function createTestDatabase(folders: readonly string[] = []): Promise<TestDatabase> {
  return createMigrated(inject('suiteDatabase').template, folders);
}

/** The same with the demo data in it. */
export function createSeededDatabase(folders: readonly string[] = []): Promise<TestDatabase> {
  return createMigrated(inject('suiteDatabase').seeded.template, folders);
}

async function createMigrated(source: string, folders: readonly string[]): Promise<TestDatabase> {
  const database = await createDatabase(source);
  if (folders.length > 0) await migrate({ ownerUrl: database.ownerUrl, folders });
  return database;
}

/** A database nothing was migrated in. */
export function createBlankDatabase(): Promise<TestDatabase> {
  return createDatabase('template1');
}

async function createDatabase(source: string): Promise<TestDatabase> {
  const { ownerUrl: suiteUrl, template, login } = inject('suiteDatabase');
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await order(suiteUrl, `create database ${name} template ${source}`);
  const ownerUrl = withDatabase(suiteUrl, name);
  return {
    ownerUrl,
    appUrl: withLogin(ownerUrl, login),
    // Without force first: PostgreSQL then waits for connections that are on their way out, and they end in peace.
    drop: () =>
      order(suiteUrl, `drop database ${name}`).catch(() => order(suiteUrl, `drop database ${name} with (force)`)),
  };
}

async function order(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql));
}

/** Runs `use` on a connection of its own. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
