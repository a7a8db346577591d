import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../local/user-pool/operations/index.ts';

const FORM = /^(Like AWS[.,:]|Different: )/;

let rows: readonly (readonly [operation: string, how: string])[];
let tests: string;
beforeAll(async () => {
  const readme = await readFile(join(import.meta.dirname, '../../local/README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## Operations'), readme.indexOf('## Triggers'));
  rows = [...section.matchAll(/^\| (\w+) \| (.+) \|$/gm)].flatMap(([, operation = '', how = '']) =>
    operation === 'operation' ? [] : [[operation, how] as const],
  );
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.ts'));
  tests = (await Promise.all(names.map((name) => readFile(join(import.meta.dirname, name), 'utf8')))).join('\n');
});

describe('local/README.md', () => {
  it('has one row for each operation of the pool, and none for another', () => {
    expect(rows.map(([operation]) => operation)).toEqual([...OPERATIONS.keys()].sort());
  });

  it('says of each that it is like AWS, or how it differs', () => {
    expect(rows.filter(([, how]) => !FORM.test(how))).toEqual([]);
  });

  it('calls nothing like AWS that no test sends by the SDK', () => {
    const likeAws = rows.filter(([, how]) => how.startsWith('Like AWS')).map(([operation]) => operation);
    expect(likeAws.length).toBeGreaterThan(20);
    expect(likeAws.filter((operation) => !tests.includes(`new ${operation}Command(`))).toEqual([]);
  });
});
