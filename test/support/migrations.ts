import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type MigrationFolder = AsyncDisposable & {
  readonly path: string;
  /** Adds a migration, or writes another in its place. */
  write(name: string, sql: string): Promise<void>;
  remove(name: string): Promise<void>;
};

/** A folder of migrations such as a module brings, SQL by name. */
export async function writeMigrations(scripts: Readonly<Record<string, string>> = {}): Promise<MigrationFolder> {
  const path = await mkdtemp(join(tmpdir(), 'migrations-'));
  const write = async (name: string, sql: string) => {
    await mkdir(join(path, name), { recursive: true });
    await writeFile(join(path, name, 'migration.sql'), sql);
  };
  for (const [name, sql] of Object.entries(scripts)) await write(name, sql);
  return {
    path,
    write,
    remove: (name) => rm(join(path, name), { recursive: true }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
