import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StartupError } from '../../src/errors.ts';
import type { Account } from './account.ts';
import { findFreePort } from './find-free-port.ts';
import type { Cluster } from './initialize-cluster.ts';
import { CLEAN_ENVIRONMENT, toServerArguments } from './settings.ts';

/** What the supervisor is told to run. */
export type Supervised = {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Partial<Account> & { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
};

export type Postmaster = {
  readonly port: number;
  /** Settles when the server is gone, whoever stopped it. */
  readonly gone: Promise<unknown>;
  /** Ends open connections, writes everything down, and waits until the server is gone. */
  readonly stop: () => Promise<void>;
};

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 5;
const ATTEMPTS = 3;
/** What may pass by itself: another program took the port, or the last server's children are still leaving. */
const PASSING = /could not bind|could not create any TCP|shared memory block/;

/** Starts the server of a cluster nothing else runs on. Throws StartupError with the server's own reason. */
export async function startPostmaster(cluster: Cluster, logFile: string): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    const supervisor = supervise(cluster, port, logFile);
    const gone = once(supervisor, 'exit');
    if (await isReady(cluster.dataDir, supervisor)) {
      const stop = async () => {
        supervisor.stdin?.end();
        await gone;
      };
      return { port, gone, stop };
    }
    const reason = readReason(logFile);
    if (attempt === ATTEMPTS || !PASSING.test(reason)) {
      throw new StartupError(
        `The local database does not start (${reason}): delete ${dirname(cluster.dataDir)} to begin anew without its data.`,
      );
    }
    await delay(300);
  }
}

/** In a session of its own, where Ctrl-C at our terminal does not reach the server before our own orderly close. */
function supervise(cluster: Cluster, port: number, logFile: string): ChildProcess {
  const supervised: Supervised = {
    command: join(cluster.binaries, 'bin', 'postgres'),
    args: ['-D', cluster.dataDir, ...toServerArguments(port, cluster.durable)],
    options: { ...cluster.account, cwd: dirname(cluster.dataDir), env: CLEAN_ENVIRONMENT },
  };
  const log = openSync(logFile, 'w', 0o600);
  const script = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
  try {
    return spawn(process.execPath, [script, JSON.stringify(supervised)], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** The eighth line of postmaster.pid says "ready" when connections are taken; pg_ctl waits for the same. */
async function isReady(dataDir: string, supervisor: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (supervisor.exitCode === null && supervisor.signalCode === null) {
    if (readPidFile(dataDir)[7]?.trim() === 'ready') return true;
    if (Date.now() > deadline) {
      supervisor.stdin?.end();
      await once(supervisor, 'exit');
    }
    await delay(POLL_MS);
  }
  return false;
}

/** The lines of postmaster.pid; none when no server has left one. */
export function readPidFile(dataDir: string): readonly string[] {
  try {
    return readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function readReason(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  const told = lines.filter((line) => /FATAL|PANIC|could not/.test(line));
  return (told[0] ?? lines.at(-1) ?? '').replace(/^.*?(FATAL|PANIC|LOG|postgres):\s*/, '') || 'it gave no reason';
}
