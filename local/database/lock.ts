import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../../src/errors.ts';

/**
 * Takes a folder for this process until `release` or until the process is gone, however it went. Throws StartupError
 * naming the process that has it. The lock is SQLite's on a file: the one kernel lock Node offers, so nothing is left
 * behind after a crash and no process id need be trusted.
 */
export function lockFolder(folder: string): { readonly release: () => void } {
  const holder = join(folder, 'lock.pid');
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StartupError(
      `The local database in ${folder} is in use by process ${readHolder(holder)}: stop that first, or set LOCAL_DIR to another folder.`,
    );
  }
  writeFileSync(holder, String(process.pid));
  return { release: () => lock.close() };
}

/** SQLITE_BUSY. https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '(starting)';
  }
}
