import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, readFile, type SourceFile } from './tree.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g;

/** How GitHub names a heading in a link. */
const toAnchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => toAnchor(heading));

/** Links to files and headings that are not there. */
function findDead({ path, text }: SourceFile): readonly string[] {
  return [...text.matchAll(LINK)].flatMap(([, to = '', anchor]) => {
    const target = to === '' ? path : join(posix.dirname(path), to);
    if (!existsSync(join(ROOT, target))) return [`${path} -> ${to}`];
    if (anchor === undefined) return [];
    return anchorsOf(to === '' ? text : readFile(target)).includes(anchor) ? [] : [`${path} -> ${to}#${anchor}`];
  });
}

const documents = listFiles('**/*.md');

describe('the links between documents', () => {
  it('are found', () => {
    expect(documents.flatMap(({ text }) => [...text.matchAll(LINK)]).length).toBeGreaterThan(20);
  });

  it('lead to files and headings that are there', () => {
    expect(documents.flatMap(findDead)).toEqual([]);
  });

  it.each([
    ['a file', '[a](docs/nowhere.md)'],
    ['a heading of another file', '[a](README.md#nowhere)'],
    ['a heading of its own', '# Here\n[a](#there)'],
  ])('would be seen leading nowhere: %s', (_, text) => {
    expect(findDead({ path: 'README.md', text })).toHaveLength(1);
  });
});
