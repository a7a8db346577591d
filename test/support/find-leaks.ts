import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const TOKEN = /\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/;
const SECRET = /\bwhsec_[\w+/=]{8,}/;
const CONNECTION_STRING = /:\/\/[^\s"\\/:@]*:(?!\[Redacted\])[^\s"\\/@]+@/;
const SQL = /\b(select\b.{1,500}?\bfrom|insert into|update \w+ set|delete from)\b|\bSQLSTATE\b/i;
// In JSON a line ends in a backslash and an n.
const STACK = /\\n\s+at |node_modules\/|file:\/\/\//;

const KINDS = { token: TOKEN, secret: SECRET, 'connection string': CONNECTION_STRING, SQL, stack: STACK };

const SHOWN = 160;

/** What in this line of JSON must stand in no log and no answer. `secrets` are looked for as they are. */
export function findLeaks(line: string, secrets: readonly string[] = []): readonly string[] {
  const found = Object.entries(KINDS).flatMap(([kind, pattern]) => {
    const index = line.search(pattern);
    return index < 0 ? [] : [`${kind}: …${line.slice(Math.max(0, index - SHOWN / 2), index + SHOWN)}`];
  });
  const spilt = secrets.filter((secret) => line.includes(secret));
  return [...found, ...spilt.map(() => `password: ${line.slice(0, SHOWN)}`)];
}

/** Rejects with every leak in the files of a folder. */
export async function assertNoLeaks(folder: string, secrets: readonly string[]): Promise<void> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const leaks = texts.flatMap((text) => text.split('\n').flatMap((line) => findLeaks(line, secrets)));
  if (leaks.length > 0) {
    throw new Error(`Logs and answers of this run hold what they must not:\n${[...new Set(leaks)].join('\n')}`);
  }
}
