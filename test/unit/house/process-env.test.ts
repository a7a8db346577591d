import { describe, expect, it } from 'vitest';
import { listFiles } from './tree.ts';

const READS = /\bprocess\??\.env\b|\bprocess\[|= process\b|\benv\b[^'"\n]*from 'node:process'/;

const readersIn = (...patterns: string[]) =>
  listFiles(...patterns).flatMap(({ path, text }) => (READS.test(text) ? [path] : []));

describe('the environment', () => {
  it('is read once in the server: by the process, which hands it on', () => {
    expect(readersIn('src/**/*.ts')).toEqual(['src/process.ts']);
  });

  it('is not read by the stand-ins: they take options', () => {
    expect(readersIn('local/**/*.ts')).toEqual([]);
  });

  it.each(['process.env.PORT', "process['env']", 'const { env } = process;', "import { env } from 'node:process';"])(
    'would be seen read as %s',
    (text) => {
      expect(READS.test(text)).toBe(true);
    },
  );
});
