import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { StartupError } from '../../errors.ts';

const CORE = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const NAME = /^\d{14}_\w+$/;

type Found = { readonly name: string; readonly folder: string };

/** The migrations of the checkout and of `folders`, oldest first, in the form Prisma's engine takes them. Throws StartupError. */
export async function readMigrations(folders: readonly string[] = []): Promise<MigrationList> {
  const found = await findMigrations(folders);
  return {
    baseDir: CORE,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(CORE, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      found.map(async ({ name, folder }) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readScript(join(folder, name, 'migration.sql')) },
        },
      })),
    ),
  };
}

/** The names of the migrations of the checkout and of `folders`, oldest first. Throws StartupError. */
export async function listMigrations(folders: readonly string[] = []): Promise<readonly string[]> {
  return (await findMigrations(folders)).map(({ name }) => name);
}

async function findMigrations(folders: readonly string[]): Promise<readonly Found[]> {
  const found = (await Promise.all([CORE, ...folders].map(findIn))).flat();
  const ordered = found.sort((one, other) => (one.name < other.name ? -1 : 1));
  ordered.forEach(({ name, folder }, at) => {
    const next = ordered[at + 1];
    if (next?.name === name) {
      throw new StartupError(`Migration ${name} stands in both ${folder} and ${next.folder}: rename one of them.`);
    }
  });
  return ordered;
}

async function findIn(folder: string): Promise<readonly Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new StartupError(`There is no folder of migrations at ${folder}.`, { cause });
  });
  const stray = entries.find(({ name }) => name.endsWith('.sql'));
  if (stray) {
    const wanted = join(folder, '<14 digits>_<word>', 'migration.sql');
    throw new StartupError(`${join(folder, stray.name)} would never be applied: write it as ${wanted}.`);
  }
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const misnamed = names.find((name) => !NAME.test(name));
  if (misnamed === undefined) return names.map((name) => ({ name, folder }));
  throw new StartupError(`The migration ${join(folder, misnamed)} must be named <14 digits>_<word>: rename it.`);
}

function readScript(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartupError(`There is no ${file}: write the migration there, or remove its folder.`, { cause });
  });
}
