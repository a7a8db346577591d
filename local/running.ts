import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../src/errors.ts';

const Running = z.object({ poolEndpoint: z.url(), databaseUrl: z.string() });

/** Where a running product's local parts are, for commands in another terminal. */
export type Running = z.infer<typeof Running>;

const toFile = (folder: string) => join(folder, 'running.json');

/** Notes it in `folder` until disposed. Readable by its user alone: the database's password is in it. */
export function noteRunning(folder: string, running: Running): Disposable {
  writeFileSync(toFile(folder), JSON.stringify(running), { mode: 0o600 });
  return { [Symbol.dispose]: () => rmSync(toFile(folder), { force: true }) };
}

/** Throws StartupError when nothing runs there. */
export function readRunning(folder: string): Running {
  try {
    return Running.parse(JSON.parse(readFileSync(toFile(folder), 'utf8')));
  } catch (cause) {
    throw new StartupError(`No product with a local user pool runs on ${folder}. Start it with "npm start".`, {
      cause,
    });
  }
}
