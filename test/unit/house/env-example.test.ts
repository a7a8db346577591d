import { describe, expect, it } from 'vitest';
import { readConfig, VARIABLE_NAMES } from '../../../src/config.ts';
import { readFile } from './tree.ts';

const VARIABLE = /^# ([A-Z_]+)=(.*)$/;

const lines = readFile('.env.example').split('\n');
const blocks = lines.flatMap((line, index) => {
  const [, name, value] = VARIABLE.exec(line) ?? [];
  if (name === undefined || value === undefined) return [];
  // Settings of one kind stand under one comment.
  const block = lines.slice(lines.lastIndexOf('', index) + 1, index);
  return [{ name, value, comment: block.filter((text) => !VARIABLE.test(text)) }];
});

describe('.env.example', () => {
  it('lists every variable the product reads, in the same order', () => {
    expect(blocks.map(({ name }) => name)).toEqual(VARIABLE_NAMES);
  });

  it('sets none of them: copied as it stands, it changes nothing', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('# '))).toEqual([]);
  });

  it.each(blocks)('says in a line or two what $name is', ({ comment }) => {
    expect(comment.length).toBeGreaterThan(0);
    expect(comment.length).toBeLessThanOrEqual(2);
  });

  it('shows values that the product takes', () => {
    const shown = Object.fromEntries(blocks.map(({ name, value }) => [name, value]));
    expect(() => readConfig(shown)).not.toThrow();
  });
});
