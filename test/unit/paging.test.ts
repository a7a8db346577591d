import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCursorCodec, type PageArgs, toPage, toPageSize } from '../../src/domain/paging.ts';
import { walkPages } from '../support/walk-pages.ts';

const codec = createCursorCodec(['first-secret', 'former-secret']);
const refusal = expect.objectContaining({ code: 'BAD_USER_INPUT' });
const key = fc.array(fc.string(), { minLength: 1, maxLength: 3 });

const decodeWith = (list: string, cursor: string, by = codec) => {
  try {
    return by.decode(list, cursor);
  } catch (error) {
    return error;
  }
};

describe('a cursor', () => {
  it('gives back what it was made of, whatever that is', () => {
    fc.assert(
      fc.property(fc.string(), key, (list, parts) => {
        expect(codec.decode(list, codec.encode(list, parts))).toEqual(parts);
      }),
    );
  });

  it('is refused by every other list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), key, (list, other, parts) => {
        fc.pre(list !== other);
        expect(decodeWith(other, codec.encode(list, parts))).toEqual(refusal);
      }),
    );
  });

  it('is refused with any one character of it changed', () => {
    const cursor = codec.encode('members', ['a', 'b']);
    for (let at = 0; at < cursor.length - 1; at += 1) {
      const changed = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
      expect(decodeWith('members', changed)).toEqual(refusal);
    }
  });

  it('is refused where somebody made it up', () => {
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        expect(decodeWith('members', cursor)).toEqual(refusal);
      }),
    );
  });

  it('does not run one list into the next', () => {
    expect(decodeWith('members:a', codec.encode('members:', ['a']))).toEqual(refusal);
  });

  it('made before a secret was rotated is good until that secret goes', () => {
    const cursor = createCursorCodec(['former-secret']).encode('members', ['a']);
    expect(decodeWith('members', cursor)).toEqual(['a']);
    expect(decodeWith('members', cursor, createCursorCodec(['first-secret']))).toEqual(refusal);
  });
});

describe('toPageSize', () => {
  it.each([
    [undefined, 20],
    [null, 20],
    [1, 1],
    [100, 100],
  ])('takes %s for %i', (first, size) => {
    expect(toPageSize(first)).toBe(size);
  });

  it.each([0, -1, 101])('refuses %i', (first) => {
    expect(() => toPageSize(first)).toThrow(refusal);
  });
});

describe('toPage', () => {
  const pageOf = (rows: readonly string[], args: PageArgs) =>
    toPage<string, [row: string]>({
      args,
      cursors: codec,
      list: 'rows',
      keyOf: (row) => [row],
      fetch: async ([last] = [''], limit) => rows.filter((row) => row > last).slice(0, limit),
      count: async () => rows.length,
    });

  it('walks over every row once, in order, whatever the size', async () => {
    const sorted = fc
      .uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 40 })
      .map((rows) => rows.sort());
    await fc.assert(
      fc.asyncProperty(sorted, fc.integer({ min: 1, max: 12 }), async (rows, first) => {
        const pages = await walkPages(async (after) => {
          const page = await pageOf(rows, { first, after });
          const endCursor = page.rows.length > 0 ? page.cursorOf(page.rows.at(-1) ?? '') : null;
          return { ...page, pageInfo: { hasNextPage: page.hasNextPage, endCursor } };
        });
        expect(pages.flatMap((page) => page.rows)).toEqual(rows);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(rows.length / first)));
      }),
    );
  });
});
