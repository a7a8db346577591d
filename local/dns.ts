import { readFile } from 'node:fs/promises';
import { createTxtResolver, type TxtResolver } from '../src/domain/txt-resolver.ts';

/**
 * DNS for whoever has no domain at hand: TXT records stand in a file, one a line, name and value with a space between. What
 * is not there is asked of the machine's own DNS servers.
 */
export function createFileResolver(file: string, dns: TxtResolver = createTxtResolver()): TxtResolver {
  return async (name) => {
    const records = toRecords(await readFile(file, 'utf8').catch(() => ''), name);
    return records.length > 0 ? records : dns(name);
  };
}

function toRecords(text: string, name: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length).trim());
}
