import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readPidFile } from '../../local/database/postmaster.ts';
import { type LocalDatabase, startLocalDatabase } from '../../local/database/start-local-database.ts';
import { grantReach, migrate, toLogin } from '../../src/store/migrate.ts';
import { createTestDatabase } from './database.ts';
import { toServerFolder } from './server-folder.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A migrated database whose server can be made to fail. */
export type FaultyServer = AsyncDisposable & {
  /** As the login role; the address stays when the server comes back elsewhere. */
  readonly appUrl: string;
  /** As the owner, past the proxy. Of now: after a start the server may be elsewhere. */
  ownerUrl(): string;
  readonly proxy: TcpProxy;
  /** Ends the server as the signal says, and waits until it is gone. */
  stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
};

/**
 * A server of the test's own, which gets real signals. Where the tests run on an outside server, which others use, the way
 * to a database there is stopped and frozen instead.
 */
export function startFaultyServer(): Promise<FaultyServer> {
  return process.env['TEST_DATABASE_OWNER_URL'] === undefined ? startOwn() : startBeside();
}

async function startBeside(): Promise<FaultyServer> {
  const { ownerUrl, appUrl, drop } = await createTestDatabase();
  const proxy = await startTcpProxy(appUrl);
  return {
    appUrl: proxy.url,
    ownerUrl: () => ownerUrl,
    proxy,
    stop: proxy.stop,
    start: proxy.start,
    freeze: async () => proxy.freeze(),
    thaw: async () => proxy.thaw(),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await drop();
    },
  };
}

async function startOwn(): Promise<FaultyServer> {
  const dir = await toServerFolder('faults');
  const open = () => startLocalDatabase({ dir, durable: false });
  let server = await open();
  let frozen: readonly number[] = [];
  await migrate({ ownerUrl: server.ownerUrl });
  await grantReach({ ownerUrl: server.ownerUrl, login: toLogin(server.appUrl) });
  const proxy = await startTcpProxy(server.appUrl);
  const thaw = async () => {
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
    frozen = [];
  };
  return {
    appUrl: proxy.url,
    ownerUrl: () => server.ownerUrl,
    proxy,
    stop: async (signal) => {
      await end(postmasterOf(server), signal);
      await server.close();
    },
    start: async () => {
      server = await open();
      proxy.lead(server.appUrl);
    },
    freeze: async () => {
      // The postmaster first: it can then make no child that would be missed.
      const postmaster = postmasterOf(server);
      process.kill(postmaster, 'SIGSTOP');
      frozen = [...(await childrenOf(postmaster)), postmaster];
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    },
    thaw,
    [Symbol.asyncDispose]: async () => {
      await thaw();
      await proxy[Symbol.asyncDispose]();
      await server.close();
      for (const folder of [dir, dirname(server.dataDir)]) await rm(folder, { recursive: true, force: true });
    },
  };
}

function postmasterOf({ dataDir }: LocalDatabase): number {
  return Number(readPidFile(dataDir)[0]);
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  while (isThere(pid)) await delay(10);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
