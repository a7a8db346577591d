import { readFile } from 'node:fs/promises';
import { StartupError } from '../errors.ts';
import { type Keys, toKeys } from './fetch-keys.ts';

/** The keys of a key set document on disk, held to the rules of a fetched one. Throws StartupError without a usable key. */
export async function readKeySetFile(path: string): Promise<Keys> {
  const document = await readFile(path).catch((cause: unknown) => {
    throw new StartupError(`KEY_SET_FILE ${path} cannot be read: save the pool's jwks.json there, or unset it.`, {
      cause,
    });
  });
  try {
    return toKeys(document);
  } catch (cause) {
    throw new StartupError(`KEY_SET_FILE ${path} holds no usable key set: save the pool's jwks.json there.`, { cause });
  }
}
