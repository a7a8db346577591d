import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findAccount } from '../../local/database/account.ts';
import { findFreePort } from '../../local/database/find-free-port.ts';
import type { Supervised } from '../../local/database/postmaster.ts';
import { CLEAN_ENVIRONMENT } from '../../local/database/settings.ts';
import { StartupError } from '../../src/errors.ts';
import { withClient } from './with-client.ts';

export type Cluster = AsyncDisposable & {
  /** As the superuser, to the database `postgres`. */
  readonly ownerUrl: string;
};

const READY_TIMEOUT_MS = 20_000;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  // A checkpoint in the middle of one round would be counted against it alone.
  checkpoint_timeout: '1h',
  max_wal_size: '4GB',
  autovacuum: 'off',
};

/**
 * A PostgreSQL of the measurement's own, from the programs in `binDir`: new, in a temporary folder, on 127.0.0.1. The
 * server ends with this process however that ends. Throws StartupError.
 */
export async function startCluster(binDir: string): Promise<Cluster> {
  await using parts = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
  parts.defer(() => rm(dir, { recursive: true, force: true }));
  const account = findAccount(dir);
  const dataDir = join(dir, 'data');
  const passwordFile = join(dir, 'password');
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await Promise.all([dir, passwordFile].map((it) => chown(it, account.uid, account.gid)));

  const options = { ...account, cwd: dir, env: CLEAN_ENVIRONMENT };
  const initdb = ['-D', dataDir, '-U', 'bench', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8', '-N'];
  await promisify(execFile)(join(binDir, 'initdb'), [...initdb, '--locale=C.UTF-8'], options).catch((error: Error) => {
    throw new StartupError(
      `initdb in ${binDir} failed (${error.message.split('\n')[0]}): name another with --postgres.`,
    );
  });
  const port = await findFreePort();
  const args = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  parts.defer(supervise({ command: join(binDir, 'postgres'), args: ['-D', dataDir, ...args], options }));
  const ownerUrl = `postgresql://bench:${password}@127.0.0.1:${port}/postgres`;
  await untilReady(ownerUrl);
  const opened = parts.move();
  return { ownerUrl, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

function supervise(supervised: Supervised): () => Promise<void> {
  const script = fileURLToPath(new URL('../../local/database/supervisor.ts', import.meta.url));
  const stdio = ['pipe', 'ignore', 'ignore'] as const;
  const child = spawn(process.execPath, [script, JSON.stringify(supervised)], { env: {}, stdio: [...stdio] });
  const gone = once(child, 'exit');
  return async () => {
    child.stdin?.end();
    await gone;
  };
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const error = await withClient(url, (client) => client.query('select 1')).then(
      () => null,
      (reason: Error) => reason,
    );
    if (error === null) return;
    if (Date.now() > deadline) throw new StartupError(`The measurement's PostgreSQL does not start: ${error.message}`);
    await delay(50);
  }
}
