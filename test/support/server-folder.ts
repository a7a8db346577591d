import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPidFile } from '../../local/database/postmaster.ts';

const MEMORY = '/dev/shm';
const MIN_BYTES = 4 * 1024 ** 3;
/** A younger folder may be of a server that is about to start. */
const ABANDONED_MS = 3_600_000;

/**
 * A path, of no folder yet, for a database server that tests start. In memory where there is room for it: each test file
 * creates databases of some hundred files, which takes a disk up to ten times as long.
 */
export async function toServerFolder(name: string): Promise<string> {
  const hasRoom = await findRoom();
  if (hasRoom) await removeAbandoned();
  return join(hasRoom ? MEMORY : tmpdir(), `tenantry-${name}-${randomUUID()}`);
}

async function findRoom(): Promise<boolean> {
  const room = await statfs(MEMORY).catch(() => null);
  return room !== null && Math.min(room.bavail * room.bsize, process.availableMemory()) >= MIN_BYTES;
}

/** A run that was killed leaves its folder, which keeps memory in use. */
async function removeAbandoned(): Promise<void> {
  for (const entry of await readdir(MEMORY)) {
    const folder = join(MEMORY, entry);
    if (entry.startsWith('tenantry-') && (await isAbandoned(folder)))
      await rm(folder, { recursive: true, force: true });
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const made = await stat(folder).catch(() => null);
  if (made === null || Date.now() - made.mtimeMs < ABANDONED_MS) return false;
  return !isRunning(Number(readPidFile(join(folder, 'data'))[0]));
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    // The server may run as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
