import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_OPERATIONS } from '../../local/identity-pool/operations/index.ts';
import { OPERATIONS } from '../../local/user-pool/operations/index.ts';

const FORM = /^(Like AWS[.,:]|Different: )/;

type Row = readonly [operation: string, how: string];

let rows: readonly Row[];
let identityRows: readonly Row[];
let tests: string;
beforeAll(async () => {
  const readme = await readFile(join(import.meta.dirname, '../../local/README.md'), 'utf8');
  rows = readRows(readme, '## Operations');
  identityRows = readRows(readme, '## Identity pool');
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.ts'));
  tests = (await Promise.all(names.map((name) => readFile(join(import.meta.dirname, name), 'utf8')))).join('\n');
});

/** Of the table in the section with this heading. */
function readRows(readme: string, heading: string): readonly Row[] {
  const [section = ''] = readme.slice(readme.indexOf(heading) + heading.length).split('\n## ', 1);
  return [...section.matchAll(/^\| (\w+) \| (.+) \|$/gm)].flatMap(([, operation = '', how = '']) =>
    operation === 'operation' ? [] : [[operation, how] as const],
  );
}

describe('local/README.md', () => {
  it('has one row for each operation of the pool, and none for another', () => {
    expect(rows.map(([operation]) => operation)).toEqual([...OPERATIONS.keys()].sort());
  });

  it('has one row for each operation of the identity pool, and none for another', () => {
    expect(identityRows.map(([operation]) => operation)).toEqual([...IDENTITY_OPERATIONS.keys()].sort());
  });

  it('says of each that it is like AWS, or how it differs', () => {
    expect([...rows, ...identityRows].filter(([, how]) => !FORM.test(how))).toEqual([]);
  });

  it('calls nothing like AWS that no test sends by the SDK', () => {
    const likeAws = rows.filter(([, how]) => how.startsWith('Like AWS')).map(([operation]) => operation);
    expect(likeAws.length).toBeGreaterThan(20);
    expect(likeAws.filter((operation) => !tests.includes(`new ${operation}Command(`))).toEqual([]);
  });
});
