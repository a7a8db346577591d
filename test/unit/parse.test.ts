import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HumanName, isRowId, parse } from '../../src/domain/parse.ts';

const Schema = z.object({ name: HumanName('The name') });
const read = (name: unknown) => parse(Schema, { name }).name;

describe('a name for people', () => {
  it.each([
    ['  Ada  ', 'Ada'],
    ["Zo\u00eb O'Neill-\u674e", "Zo\u00eb O'Neill-\u674e"],
    ['x'.repeat(100), 'x'.repeat(100)],
  ])('may be %j', (given, name) => {
    expect(read(given)).toBe(name);
  });

  it.each(['', ' \t ', 'x'.repeat(101), 'a\nb', 'a\u0000b', 'a\u202eb', 'a\u200bb', 'a\u2028b'])(
    'may not be %j, and says so in a sentence',
    (name) => {
      const refusal = { code: 'BAD_USER_INPUT', message: expect.stringMatching(/^The name .*\.$/) };
      expect(() => read(name)).toThrow(expect.objectContaining(refusal));
    },
  );
});

describe('isRowId', () => {
  it.each(['11111111-1111-4111-8111-111111111111', '0198A1B2-0000-7000-8000-00000000000F'])('is true for %s', (id) => {
    expect(isRowId(id)).toBe(true);
  });

  it.each(['', '1', '11111111111141118111111111111111', '{11111111-1111-4111-8111-111111111111}', '%', 'g'.repeat(36)])(
    'is false for %j',
    (id) => {
      expect(isRowId(id)).toBe(false);
    },
  );
});
