import { describe, expect, it } from 'vitest';
import { listFiles } from './tree.ts';

// Written so that this file does not find itself.
const LEFT_UNDONE = /\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/;
const LEFT_OUT = /\b(describe|it|test|suite)\.(skip|only|todo|fails)\b/;

const findIn = (pattern: RegExp, ...globs: string[]) =>
  listFiles(...globs).flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );

describe('the tree', () => {
  it('holds no note of what is left undone', () => {
    expect(findIn(LEFT_UNDONE, '**/*.{ts,js,mjs,md,sql,graphql,prisma,yml,json}', '.ci/*', '.env.example')).toEqual([]);
  });

  it('leaves out no test', () => {
    expect(findIn(LEFT_OUT, 'test/**/*.ts')).toEqual([]);
  });
});
