import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPrefixRange, toSearchKey } from '../../src/domain/search.ts';

// As PostgreSQL compares under collation "C": by the bytes of UTF-8.
const isWithin = (text: string, { from, below }: ReturnType<typeof toPrefixRange>) =>
  Buffer.compare(Buffer.from(text), Buffer.from(from)) >= 0 &&
  Buffer.compare(Buffer.from(text), Buffer.from(below)) < 0;

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((one) => toSearchKey(one.replaceAll(/\p{Cc}/gu, '')));

describe('a prefix range', () => {
  it('holds every key that begins with the search', () => {
    fc.assert(
      fc.property(text, text, (search, rest) => {
        const key = toSearchKey(search + rest);
        fc.pre(key.startsWith(toSearchKey(search)) && search !== '');
        expect(isWithin(key, toPrefixRange(search))).toBe(true);
      }),
    );
  });

  it('holds no key that begins otherwise', () => {
    fc.assert(
      fc.property(text, text, (search, key) => {
        fc.pre(!key.startsWith(toSearchKey(search)));
        expect(isWithin(key, toPrefixRange(search))).toBe(false);
      }),
    );
  });

  it.each(['a\u0000', 'a\nb', 'x'.repeat(255)])('refuses what no key can begin with', (search) => {
    expect(() => toPrefixRange(search)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});

describe('a search key', () => {
  it.each([
    ['Mia@ACME.test', 'mia@acme.test'],
    ['e\u0301ric@acme.test', '\u00e9ric@acme.test'],
  ])('of %s is in lower case and composed', (given, key) => {
    expect(toSearchKey(given)).toBe(key);
  });
});
