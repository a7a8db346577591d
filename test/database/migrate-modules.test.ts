import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { type MigrationFolder, writeMigrations } from '../support/migrations.ts';

/** A copy of the one that `migrate` has filled at the beginning of the run (global-setup.ts). */
let database: TestDatabase;
/** What stands beside the checkout's migrations, as a module's do. */
let module: MigrationFolder;

beforeEach(async () => {
  database = await createTestDatabase();
  module = await writeMigrations();
});

afterEach(async () => {
  await database.drop();
  await module[Symbol.asyncDispose]();
});

function query<Row extends object>(url: string, sql: string): Promise<readonly Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(sql)).rows);
}

const run = (...more: readonly MigrationFolder[]) =>
  migrate({ ownerUrl: database.ownerUrl, folders: [module, ...more].map(({ path }) => path) });

describe('migrate with the folders of modules', () => {
  it('applies in one order what stands in several folders', async () => {
    await using other = await writeMigrations({ '99990102000000_between': 'alter table notes add column body text;' });
    await module.write('99990101000000_first', 'create table notes ();');
    await module.write('99990103000000_last', 'alter table notes drop column body;');
    const { applied } = await run(other);
    expect(applied.slice(-3)).toEqual(['99990101000000_first', '99990102000000_between', '99990103000000_last']);
  });

  it("applies a migration that came later and sorts before another folder's that is applied", async () => {
    await using other = await writeMigrations({ '99990102000000_late': 'create table late ();' });
    await run(other);
    await module.write('99990101000000_early', 'create table early ();');
    expect(await run(other)).toEqual({ applied: ['99990101000000_early'] });
    expect(await run(other)).toEqual({ applied: [] });
  });

  it('records the name of every migration, newest first, where the login role may read it', async () => {
    await module.write('20200101000000_older', '');
    const { applied } = await run();
    const [record] = await query(
      database.appUrl,
      `select obj_description(oid) as names from pg_class where relname = '_prisma_migrations'`,
    );
    expect(applied).toEqual(['20200101000000_older']);
    const names = await query<{ readonly name: string }>(
      database.ownerUrl,
      'select migration_name as name from _prisma_migrations order by 1 desc',
    );
    expect(record).toEqual({ names: names.map(({ name }) => name).join(' ') });
  });

  it('refuses a name that stands in two folders', async () => {
    await using other = await writeMigrations({ '99990101000000_notes': '' });
    await module.write('99990101000000_notes', '');
    await expect(run(other)).rejects.toThrow(
      `Migration 99990101000000_notes stands in both ${module.path} and ${other.path}: rename one of them.`,
    );
  });

  it.each(['notes', '2026_notes', '99990101000000', '99990101000000-notes', '99990101000000_no tes'])(
    'refuses a migration named %s',
    async (name) => {
      await module.write(name, '');
      await expect(run()).rejects.toThrow(`${join(module.path, name)} must be named <14 digits>_<word>: rename it.`);
    },
  );

  it('refuses a folder that is not there', async () => {
    const folders = [join(module.path, 'nowhere')];
    await expect(migrate({ ownerUrl: database.ownerUrl, folders })).rejects.toThrow(
      `There is no folder of migrations at ${folders[0]}.`,
    );
  });

  it('refuses a migration without its script', async () => {
    await mkdir(join(module.path, '99990101000000_notes'));
    await expect(run()).rejects.toThrow(
      /^There is no \S+99990101000000_notes\/migration.sql: write the migration there/,
    );
  });

  it('refuses a database whose module is named no more, and says how to be rid of it', async () => {
    await module.write('99990101000000_notes', 'create table notes ();');
    await run();
    await module.remove('99990101000000_notes');
    await expect(run()).rejects.toThrow(
      /nobody names \(99990101000000_notes\): name the module [^\n]* delete these from _prisma_migrations\. On your own machine, [^\n]*$/,
    );
    await query(
      database.ownerUrl,
      `drop table notes; delete from _prisma_migrations where migration_name = '99990101000000_notes'`,
    );
    expect(await run()).toEqual({ applied: [] });
  });
});
