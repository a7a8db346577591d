import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../src/errors.ts';
import type { Account } from './account.ts';
import { OWNER } from './credentials.ts';
import { CLEAN_ENVIRONMENT } from './settings.ts';

export type Cluster = {
  readonly binaries: string;
  readonly dataDir: string;
  readonly account: Account | null;
  /** False trades safety against a power cut for speed. */
  readonly durable: boolean;
};

/**
 * Makes the cluster at `dataDir` unless it is there. It is built beside and moved into place whole, so an interrupted
 * first start leaves no half of one. Passwords (SCRAM) are asked from everyone, this machine's own users included.
 */
export async function initializeCluster(cluster: Cluster, home: string, password: string): Promise<void> {
  if (existsSync(cluster.dataDir)) return;
  const building = join(home, 'initdb');
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o700 });
  const passwordFile = join(building, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const { uid, gid } = cluster.account ?? {};
  if (uid !== undefined && gid !== undefined)
    await Promise.all([building, passwordFile].map((it) => chown(it, uid, gid)));
  try {
    await promisify(execFile)(
      join(cluster.binaries, 'bin', 'initdb'),
      [
        `--pgdata=${join(building, 'data')}`,
        `--username=${OWNER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The server's own locale sorts and folds alike on every machine.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(cluster.durable ? [] : ['--no-sync']),
      ],
      { ...cluster.account, cwd: building, env: CLEAN_ENVIRONMENT },
    );
    await rename(join(building, 'data'), cluster.dataDir);
  } catch (error) {
    throw new StartupError(`The local database could not be made in ${home}: ${reasonOf(error)}`);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  const lines = (stderr?.trim() || message).split('\n');
  return lines.find((line) => /error|fatal/i.test(line)) ?? lines.join(' ');
}
