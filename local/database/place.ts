import { chmod, mkdir, mkdtemp, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, mayEnter } from './account.ts';

/** Others may pass through to what they may read there, and not list it. */
const PASSABLE = 0o711;

/**
 * The folder the cluster lives in: `dir`, or where PostgreSQL's account cannot enter that, a folder it can pass
 * through. `dir/place` then says where, so that the next start finds the same data.
 */
export async function findPlace(dir: string, account: Account | null): Promise<string> {
  if (account === null || (await mayEnter(account, dir))) return dir;
  const pointer = join(dir, 'place');
  const known = await readFile(pointer, 'utf8').catch(() => null);
  if (known !== null && (await stat(known).catch(() => null)) !== null) return known;
  const made = await makePlace();
  await writeFile(pointer, made);
  return made;
}

/** In /var/lib where that can be written, since temporary folders are swept. Of a name nobody can lie in wait at. */
async function makePlace(): Promise<string> {
  const folder = await mkdtemp('/var/lib/tenantry-').catch(() => mkdtemp(join(tmpdir(), 'tenantry-')));
  await chmod(folder, PASSABLE);
  return folder;
}

/** Creates `dir` where it is missing, and gives its real path. */
export async function makeFolder(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true, mode: PASSABLE });
  return realpath(dir);
}
