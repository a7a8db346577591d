import { describe, expect, it } from 'vitest';
import { listFiles, readFile } from './tree.ts';

type Proof = { readonly file: string; readonly name: string };

const PROOF = /`([\w./-]+\.ts) › ([^`]+)`/g;

const tests = new Map(listFiles('test/**/*.ts').map(({ path, text }) => [path.slice('test/'.length), text]));

const proofsOf = (row: string): readonly Proof[] =>
  [...row.matchAll(PROOF)].map(([, file = '', name = '']) => ({ file, name }));

/** True for a proof whose file holds its name, as a text of its own. */
function isThere({ file, name }: Proof): boolean {
  const text = tests.get(file) ?? '';
  return ["'", '"', '`'].some((quote) => text.includes(quote + name + quote));
}

const rowsOf = (document: string) =>
  readFile(document)
    .split('\n')
    .filter((line) => /^\| (?!what comes|asked for)/.test(line) && line.split('|').length === 5);

describe.each([
  ['docs/threat-model.md', 50],
  ['docs/browsers.md', 15],
])('%s', (document, least) => {
  const rows = rowsOf(document);

  it('names a proof, and an answer, for everything that comes', () => {
    expect(rows.length).toBeGreaterThan(least);
    expect(rows.filter((row) => proofsOf(row).length === 0 || /\|\s*\|/.test(row))).toEqual([]);
  });

  it('names tests that are there, under these names', () => {
    const missing = rows.flatMap(proofsOf).filter((proof) => !isThere(proof));
    expect(missing.map(({ file, name }) => `${file} › ${name}`)).toEqual([]);
  });
});

describe('a proof', () => {
  it.each([
    ['a file that is not there', { file: 'integration/nowhere.test.ts', name: 'alg none' }],
    ['a test that is not there', { file: 'edge/http.test.ts', name: 'is never answered' }],
    ['half the name of a test', { file: 'edge/http.test.ts', name: 'a body beyond' }],
  ])('would be seen naming %s', (_, proof) => {
    expect(isThere(proof)).toBe(false);
  });
});
