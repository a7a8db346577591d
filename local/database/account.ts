import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../src/errors.ts';

/** The user PostgreSQL runs as when it may not run as ours. */
export type Account = { readonly uid: number; readonly gid: number };

/**
 * Null when PostgreSQL may run as the current user. PostgreSQL refuses root, so root lends it the account whose data
 * lies in `dir` already, or one without rights. Throws StartupError where there is none.
 */
export function findAccount(dir: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const data = statSync(join(dir, 'data'), { throwIfNoEntry: false });
  if (data !== undefined && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new StartupError(
    'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" here: start as another user, or set DATABASE_URL.',
  );
}

/** Whether the account can enter a folder; asked of the system itself, since ACLs and mounts count too. */
export async function mayEnter(account: Account, folder: string): Promise<boolean> {
  return promisify(execFile)('/bin/sh', ['-c', 'cd -- "$0"', folder], { ...account, cwd: '/', env: {} }).then(
    () => true,
    () => false,
  );
}
