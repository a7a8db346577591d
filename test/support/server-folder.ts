import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const MIN_BYTES = 4 * 1024 ** 3;

/**
 * A path, of no folder yet, for a database server that tests start. In memory where there is room for it: each test file
 * creates databases of some hundred files, which takes a disk up to ten times as long.
 */
export async function toServerFolder(name: string): Promise<string> {
  return join((await hasRoom()) ? MEMORY : tmpdir(), `tenantry-${name}-${randomUUID()}`);
}

async function hasRoom(): Promise<boolean> {
  const room = await statfs(MEMORY).catch(() => null);
  return room !== null && Math.min(room.bavail * room.bsize, process.availableMemory()) >= MIN_BYTES;
}
