import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { StartupError } from '../../src/errors.ts';
import { migrate } from '../../src/store/migrate.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { createBlankDatabase, createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { type MigrationFolder, writeMigrations } from '../support/migrations.ts';

const CHECKOUT = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** What stands beside the checkout's migrations, as a module's do. */
let module: MigrationFolder;

beforeEach(async () => {
  module = await writeMigrations();
});

afterEach(async () => {
  await module[Symbol.asyncDispose]();
});

function query<Row extends object>(url: string, sql: string): Promise<readonly Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(sql)).rows);
}

async function dropAtEnd(database: TestDatabase): Promise<TestDatabase> {
  onTestFinished(database.drop);
  return database;
}
const openBlank = async () => dropAtEnd(await createBlankDatabase());
/** A copy of the one that `migrate` has filled at the beginning of the run (global-setup.ts). */
const openMigrated = async () => dropAtEnd(await createTestDatabase());

const run = ({ ownerUrl }: TestDatabase) => migrate({ ownerUrl, folders: [module.path] });

describe('migrate', () => {
  it('applies what is new and names it', async () => {
    const database = await openBlank();
    const { applied } = await run(database);
    expect(applied.length).toBeGreaterThan(1);
    await module.write('99990101000000_notes', 'create table notes ();');
    expect(await run(database)).toEqual({ applied: ['99990101000000_notes'] });
  });

  it('applies nothing the second time', async () => {
    const database = await openMigrated();
    expect(await run(database)).toEqual({ applied: [] });
  });

  it("leaves Prisma's own record, with the checksum of each file", async () => {
    const { ownerUrl } = await openMigrated();
    const names = (await readdir(CHECKOUT)).filter((name) => /^\d/.test(name)).sort();
    const rows = await query(
      ownerUrl,
      'select migration_name, checksum, applied_steps_count, finished_at is not null as finished from _prisma_migrations order by 1',
    );
    const toRow = async (name: string) => ({
      migration_name: name,
      checksum: createHash('sha256')
        .update(await readFile(join(CHECKOUT, name, 'migration.sql')))
        .digest('hex'),
      applied_steps_count: 1,
      finished: true,
    });
    expect(rows).toEqual(await Promise.all(names.map(toRow)));
  });

  it('keeps the body of a function whole', async () => {
    await module.write(
      '99990101000000_f',
      'create function f() returns int language plpgsql as $$ begin; return 7; end; $$;'.replace('begin;', 'begin'),
    );
    const database = await openMigrated();
    await run(database);
    expect(await query(database.ownerUrl, 'select f()')).toEqual([{ f: 7 }]);
  });

  it('lets two at once take turns', async () => {
    const database = await openBlank();
    const [first, second] = await Promise.all([run(database), run(database)]);
    const counts = [first.applied.length, second.applied.length].sort();
    expect(counts).toEqual([0, (await query(database.ownerUrl, 'select from _prisma_migrations')).length]);
  });

  it.each([
    ['select nowhere();', 'function nowhere() does not exist (line 2)'],
    ['create table more (id uuid references tenant (id));', 'relation "tenant" does not exist'],
    ['create table more (id uuid nul);', 'syntax error at or near "nul" (line 2)'],
  ])('tells which migration failed, why and where, in one line, and keeps nothing of it: %s', async (sql, why) => {
    const database = await openMigrated();
    await module.write('99990101000000_bad', `create table half ();\n${sql}`);
    await expect(run(database)).rejects.toThrow(
      new StartupError(`Migration 99990101000000_bad failed and was undone: ${why}`),
    );
    expect(await query(database.ownerUrl, `select to_regclass('public.half') as half`)).toEqual([{ half: null }]);
  });

  it('takes a failed migration again once it is mended', async () => {
    const database = await openMigrated();
    await module.write('99990101000000_bad', 'select nowhere();');
    await expect(run(database)).rejects.toThrow('99990101000000_bad');
    await module.write('99990101000000_bad', 'create table mended ();');
    expect(await run(database)).toEqual({ applied: ['99990101000000_bad'] });
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    const database = await openMigrated();
    await module.write('99990101000000_notes', 'create table notes ();');
    await run(database);
    await module.write('99990101000000_notes', '-- nothing any more');
    await expect(run(database)).rejects.toThrow(/^Migration \S+ was edited after it had been applied[^\n]*$/);
  });

  it('refuses to go on after a migration of which nobody knows how it ended', async () => {
    const database = await openMigrated();
    await query(database.ownerUrl, 'update _prisma_migrations set finished_at = null');
    await expect(run(database)).rejects.toThrow(/was interrupted[^\n]*migrate resolve/);
  });

  it('tells of a database that is not there without telling the password', async () => {
    const refused = migrate({ ownerUrl: 'postgresql://owner:hush-hush@127.0.0.1:1/none' });
    await expect(refused).rejects.toThrow(/^The database could not be prepared: (?!.*hush)[^\n]*ECONNREFUSED[^\n]*$/);
  });
});

describe('npm run migrate', () => {
  type Exit = { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  const cli = (environment: Readonly<Record<string, string>>, ...args: readonly string[]) => {
    const script = fileURLToPath(new URL('../../cli/migrate.ts', import.meta.url));
    const { promise, resolve } = Promise.withResolvers<Exit>();
    const env = { ...COMPILE_CACHE, ...environment };
    const child = execFile(process.execPath, [script, ...args], { env }, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
    return promise;
  };

  it('prints what it applied and lets the login in', async () => {
    const { ownerUrl, appUrl } = await openBlank();
    const { stdout, stderr, status } = await cli({ DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^(applied \d+_\w+\n)+tenantry_test_app is ready to be the service's login role\n$/);
  });

  it('fails in one line, without a password', async () => {
    const ownerUrl = 'postgresql://owner:hush-hush@127.0.0.1:1/none';
    const appUrl = 'postgresql://login:login@127.0.0.1:1/none';
    const { stdout, stderr, status } = await cli({ DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/^(?!.*hush)The database could not be prepared: .*\n$/);
  });

  it('says which variables it needs', async () => {
    const { stderr, status } = await cli({});
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(/^Set DATABASE_OWNER_URL.*\n$/), status: 1 });
  });

  it('explains itself', async () => {
    expect((await cli({}, '--help')).stdout).toMatch(/DATABASE_OWNER_URL {2}signs in as the owner/);
  });
});
