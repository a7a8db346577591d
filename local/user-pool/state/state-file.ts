import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../../../src/errors.ts';
import { StoredState } from './state.ts';

/** What `path` holds; null when there is no such file. Throws StartupError when it holds anything else. */
export async function readState(path: string): Promise<StoredState | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new StartupError(`The local user pool cannot read ${path} (${error.code}): let this user read and write it.`);
  });
  return text === null ? null : parseState(path, text);
}

function parseState(path: string, text: string): StoredState {
  try {
    return StoredState.parse(JSON.parse(text));
  } catch (cause) {
    throw new StartupError(`${path} does not hold a local user pool: delete ${dirname(path)} to begin anew.`, {
      cause,
    });
  }
}

/**
 * Writes what `take` gives to `path`, readable by its owner alone: it holds private keys. A reader sees the old file or
 * the new one, never half of one. Calls run one after another, and one that would write what is already there does not.
 */
export function createStateWriter(path: string, take: () => StoredState): () => Promise<void> {
  let written = '';
  let last: Promise<void> = Promise.resolve();
  const write = async () => {
    const text = JSON.stringify(take());
    if (text === written) return;
    const temporary = `${path}.${process.pid}.tmp`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { mode: 0o600, flush: true });
    await rename(temporary, path);
    written = text;
  };
  return () => {
    last = last.then(write, write);
    return last;
  };
}
