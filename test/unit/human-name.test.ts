import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HumanName, toHumanName } from '../../src/domain/human-name.ts';
import { parse } from '../../src/domain/parse.ts';

const Schema = z.object({ name: HumanName('The name') });
const read = (name: unknown) => parse(Schema, { name }).name;

describe('a name for people', () => {
  it.each([
    ['  Ada  ', 'Ada'],
    ["Zo\u00eb O'Neill-\u674e", "Zo\u00eb O'Neill-\u674e"],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['\u0915\u094d\u200d\u0937', '\u0915\u094d\u200d\u0937'],
    ['\u{1f469}\u200d\u{1f467}', '\u{1f469}\u200d\u{1f467}'],
  ])('may be %j', (given, name) => {
    expect(read(given)).toBe(name);
  });

  it.each([
    '',
    ' \t ',
    'x'.repeat(101),
    'a\nb',
    'a\u0000b',
    'a\u202eb',
    'a\u200bb',
    'a\u2028b',
    'A\ud83d',
    '\ud800',
    '\u3164',
    '\u200d',
    `Z${'\u0351'.repeat(99)}`,
  ])('may not be %j, and says so in a sentence', (name) => {
    const refusal = { code: 'BAD_USER_INPUT', message: expect.stringMatching(/^The name .*\.$/) };
    expect(() => read(name)).toThrow(expect.objectContaining(refusal));
  });
});

describe('toHumanName', () => {
  it.each([
    ['a\u0000b', 'ab'],
    ['\u202eevil', 'evil'],
    ['a\nb', 'ab'],
    ['A\ud800B', 'A\ufffdB'],
    ['x'.repeat(200), 'x'.repeat(100)],
    ['\u200b', null],
    [undefined, null],
  ])('makes of %j %j', (given, name) => {
    expect(toHumanName(given)).toBe(name);
  });
});
