import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../../src/errors.ts';
import type { Logger } from '../../src/observability/logger.ts';
import { findAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { DATABASE, LOGIN, OWNER, obtainCredentials, toUrl } from './credentials.ts';
import { initializeCluster } from './initialize-cluster.ts';
import { lockFolder } from './lock.ts';
import { findPlace, makeFolder } from './place.ts';
import { type Postmaster, startPostmaster } from './postmaster.ts';
import { stopStalePostmaster } from './stop-stale-postmaster.ts';

export type LocalDatabaseOptions = {
  /** Folder that keeps the database between starts; made when missing. One process at a time may use it. */
  readonly dir: string;
  /** False: faster, and a power cut may lose everything. For tests. Default true. */
  readonly durable?: boolean;
  readonly log?: Pick<Logger, 'info' | 'error'>;
};

export type LocalDatabase = {
  /** As a superuser who owns the database: for migrations. */
  readonly ownerUrl: string;
  /** As the login role of the service, which `grantReach` creates with the password found here. */
  readonly appUrl: string;
  readonly dataDir: string;
  readonly close: () => Promise<void>;
};

/**
 * Starts a PostgreSQL of this machine's own, reachable from 127.0.0.1 by password alone, on a port that differs from
 * start to start. It stops with `close`, or by itself when this process is gone. Throws StartupError.
 */
export async function startLocalDatabase(options: LocalDatabaseOptions): Promise<LocalDatabase> {
  const releases: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    return { ...(await open(options, (release) => releases.push(release))), close };
  } catch (error) {
    await close();
    if (error instanceof StartupError) throw error;
    throw new StartupError(`The local database in ${options.dir} cannot be used: ${String(error)}`, { cause: error });
  }
}

async function open(
  { dir: folder, durable = true, log }: LocalDatabaseOptions,
  onClose: (release: () => Promise<void> | void) => void,
): Promise<Omit<LocalDatabase, 'close'>> {
  if (process.platform === 'win32') {
    throw new StartupError('The embedded PostgreSQL is not run on Windows: set DATABASE_URL, or start under WSL.');
  }
  const dir = await makeFolder(folder);
  onClose(lockFolder(dir).release);
  const account = findAccount(dir);
  const home = await findPlace(dir, account);
  if (home !== dir) onClose(lockFolder(home).release);
  const cluster = { binaries: await findBinaries(account, home), dataDir: join(home, 'data'), account, durable };
  const credentials = obtainCredentials(dir, cluster.dataDir);

  await stopStalePostmaster(cluster.dataDir);
  onClose(() => stopStalePostmaster(cluster.dataDir));
  await initializeCluster(cluster, home, credentials.owner);
  const postmaster = await startPostmaster(cluster, join(dir, 'postgres.log'));
  onClose(watch(postmaster, log));
  await createDatabase(toUrl(OWNER, credentials.owner, postmaster.port, 'postgres'));

  log?.info({ dataDir: cluster.dataDir, port: postmaster.port }, 'local database started');
  return {
    ownerUrl: toUrl(OWNER, credentials.owner, postmaster.port),
    appUrl: toUrl(LOGIN, credentials.login, postmaster.port),
    dataDir: cluster.dataDir,
  };
}

/** Tells the log when the server goes without being asked; gives the way to ask. */
function watch(postmaster: Postmaster, log: LocalDatabaseOptions['log']): () => Promise<void> {
  let asked = false;
  void postmaster.gone.then(() => asked || log?.error('the local database stopped by itself; see postgres.log'));
  return () => {
    asked = true;
    return postmaster.stop();
  };
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
