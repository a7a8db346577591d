import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartupError } from '../../src/errors.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createBlankDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { type MigrationFolder, writeMigrations } from '../support/migrations.ts';

const CHECKOUT = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

let database: TestDatabase;
/** What stands beside the checkout's migrations, as a module's do. */
let module: MigrationFolder;

beforeEach(async () => {
  database = await createBlankDatabase();
  module = await writeMigrations();
});

afterEach(async () => {
  await database.drop();
  await module[Symbol.asyncDispose]();
});

function query<Row extends object>(url: string, sql: string): Promise<readonly Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(sql)).rows);
}

const run = () => migrate({ ownerUrl: database.ownerUrl, folders: [module.path] });

describe('migrate', () => {
  it('applies what is new and names it', async () => {
    const { applied } = await run();
    expect(applied.length).toBeGreaterThan(1);
    await module.write('99990101000000_notes', 'create table notes ();');
    expect(await run()).toEqual({ applied: ['99990101000000_notes'] });
  });

  it('applies nothing the second time', async () => {
    await run();
    expect(await run()).toEqual({ applied: [] });
  });

  it("leaves Prisma's own record, with the checksum of each file", async () => {
    const [first] = (await run()).applied;
    const file = await readFile(join(CHECKOUT, first ?? '', 'migration.sql'));
    const [row] = await query(
      database.ownerUrl,
      'select migration_name, checksum, applied_steps_count, finished_at is not null as finished from _prisma_migrations order by 1',
    );
    expect(row).toEqual({
      migration_name: first,
      checksum: createHash('sha256').update(file).digest('hex'),
      applied_steps_count: 1,
      finished: true,
    });
  });

  it('keeps the body of a function whole', async () => {
    await module.write(
      '99990101000000_f',
      'create function f() returns int language plpgsql as $$ begin; return 7; end; $$;'.replace('begin;', 'begin'),
    );
    await run();
    expect(await query(database.ownerUrl, 'select f()')).toEqual([{ f: 7 }]);
  });

  it('lets two at once take turns', async () => {
    const [first, second] = await Promise.all([run(), run()]);
    const counts = [first.applied.length, second.applied.length].sort();
    expect(counts).toEqual([0, (await query(database.ownerUrl, 'select from _prisma_migrations')).length]);
  });

  it.each([
    ['select nowhere();', 'function nowhere() does not exist (line 2)'],
    ['create table more (id uuid references tenant (id));', 'relation "tenant" does not exist'],
    ['create table more (id uuid nul);', 'syntax error at or near "nul" (line 2)'],
  ])('tells which migration failed, why and where, in one line, and keeps nothing of it: %s', async (sql, why) => {
    await module.write('99990101000000_bad', `create table half ();\n${sql}`);
    await expect(run()).rejects.toThrow(new StartupError(`Migration 99990101000000_bad failed and was undone: ${why}`));
    expect(await query(database.ownerUrl, `select to_regclass('public.half') as half`)).toEqual([{ half: null }]);
  });

  it('takes a failed migration again once it is mended', async () => {
    await module.write('99990101000000_bad', 'select nowhere();');
    await expect(run()).rejects.toThrow('99990101000000_bad');
    await module.write('99990101000000_bad', 'create table mended ();');
    expect(await run()).toEqual({ applied: ['99990101000000_bad'] });
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    await module.write('99990101000000_notes', 'create table notes ();');
    await run();
    await module.write('99990101000000_notes', '-- nothing any more');
    await expect(run()).rejects.toThrow(/^Migration \S+ was edited after it had been applied[^\n]*$/);
  });

  it('refuses to go on after a migration of which nobody knows how it ended', async () => {
    await run();
    await query(database.ownerUrl, 'update _prisma_migrations set finished_at = null');
    await expect(run()).rejects.toThrow(/was interrupted[^\n]*migrate resolve/);
  });

  it('tells of a database that is not there without telling the password', async () => {
    const refused = migrate({ ownerUrl: 'postgresql://owner:hush-hush@127.0.0.1:1/none' });
    await expect(refused).rejects.toThrow(/^The database could not be prepared: (?!.*hush)[^\n]*ECONNREFUSED[^\n]*$/);
  });
});

describe('npm run migrate', () => {
  const cli = (environment: NodeJS.ProcessEnv, ...args: readonly string[]) => {
    const script = fileURLToPath(new URL('../../cli/migrate.ts', import.meta.url));
    return spawnSync(process.execPath, [script, ...args], { env: environment, encoding: 'utf8' });
  };

  it('prints what it applied and lets the login in', async () => {
    const { stdout, stderr, status } = cli({ DATABASE_OWNER_URL: database.ownerUrl, DATABASE_URL: database.appUrl });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^(applied \d+_\w+\n)+tenantry_test_app is ready to be the service's login role\n$/);
  });

  it('fails in one line, without a password', () => {
    const ownerUrl = 'postgresql://owner:hush-hush@127.0.0.1:1/none';
    const { stdout, stderr, status } = cli({ DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: database.appUrl });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/^(?!.*hush)The database could not be prepared: .*\n$/);
  });

  it('says which variables it needs', () => {
    const { stderr, status } = cli({});
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(/^Set DATABASE_OWNER_URL.*\n$/), status: 1 });
  });

  it('explains itself', () => {
    expect(cli({}, '--help').stdout).toMatch(/DATABASE_OWNER_URL {2}signs in as the owner/);
  });
});
