import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../src/errors.ts';
import { readPidFile } from './postmaster.ts';

const FAST_SHUTDOWN_MS = 10_000;

/**
 * Stops a server that outlived the process that started it. Called with the folder's lock held, so a server running
 * there serves nobody. Its pid file goes too: the number in it may since belong to a stranger, for whose sake
 * PostgreSQL would refuse to start; orphaned backends are still found out by their shared memory.
 */
export async function stopStalePostmaster(dataDir: string): Promise<void> {
  const pid = Number(readPidFile(dataDir)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (isServerOf(dataDir, pid)) process.kill(pid, signal);
    if (await isGone(dataDir, pid)) return rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  }
  throw new StartupError(`A PostgreSQL left over on ${dataDir} does not stop: end process ${pid} and start again.`);
}

async function isGone(dataDir: string, pid: number): Promise<boolean> {
  const deadline = Date.now() + FAST_SHUTDOWN_MS;
  while (isServerOf(dataDir, pid)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

function isServerOf(dataDir: string, pid: number): boolean {
  return commandLineOf(pid).includes(`-D ${dataDir} `);
}

/** Empty when there is no such process. */
function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
