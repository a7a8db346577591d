import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartupError } from '../errors.ts';
import { isModule, type Module } from './module.ts';

/**
 * The modules that MODULES names: folders with an index.ts, or files, from the folder the process runs in. Each exports
 * what `defineModule` made. Throws StartupError for one that cannot be loaded, or exports no module.
 */
export async function loadModules(paths: readonly string[]): Promise<readonly Module[]> {
  const found = await Promise.all(paths.map(loadFrom));
  return [...new Set(found.flat())];
}

async function loadFrom(path: string): Promise<readonly Module[]> {
  const file = toFile(path);
  const exported = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`MODULES names ${path}, which cannot be loaded: ${why}`, { cause });
  });
  const modules = Object.values(exported).filter(isModule);
  if (modules.length > 0) return modules;
  throw new StartupError(`MODULES names ${path}, which exports no module: export what defineModule({ … }) returns.`);
}

function toFile(path: string): string {
  const absolute = resolve(path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) throw new StartupError(`MODULES names ${path}, which does not exist.`);
  return stats.isDirectory() ? join(absolute, 'index.ts') : absolute;
}
