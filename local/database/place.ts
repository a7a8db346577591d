import { chmod, chown, mkdir, mkdtemp, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, mayEnter } from './account.ts';

/**
 * The folder the cluster lives in: `dir`, or where PostgreSQL's account cannot enter that, a private folder of the
 * account's own. `dir/place` then says where, so that the next start finds the same data.
 */
export async function findPlace(dir: string, account: Account | null): Promise<string> {
  if (account === null || (await mayEnter(account, dir))) return dir;
  const pointer = join(dir, 'place');
  const known = await readFile(pointer, 'utf8').catch(() => null);
  if (known !== null && (await stat(known).catch(() => null)) !== null) return known;
  const made = await makePrivateFolder(account);
  await writeFile(pointer, made);
  return made;
}

/** In /var/lib where that can be written, since temporary folders are swept. */
async function makePrivateFolder(account: Account): Promise<string> {
  const folder = await mkdtemp('/var/lib/tenantry-').catch(() => mkdtemp(join(tmpdir(), 'tenantry-')));
  await chmod(folder, 0o700);
  await chown(folder, account.uid, account.gid);
  return folder;
}

/** Creates `dir` where it is missing, and gives its real path. Others may pass through it but not list it. */
export async function makeFolder(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o711 });
  return realpath(dir);
}
