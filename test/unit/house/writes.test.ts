import { describe, expect, it } from 'vitest';
import { listFiles, type SourceFile } from './tree.ts';

const OPENS = /\.transaction\(/;
// What is made for no caller, from what the pool says, is told of by the trigger that begins it.
const OPENS_FOR_CALLER = /\.transaction\((?!SYSTEM\b)/;
const AUTHORISES = /\b(authorize\(ctx|verb\.allows\()/;

/** Where a write stands out of the order that all of them have: authorise, parse, transaction, audit inside it. */
function findDisorder({ path, text }: SourceFile): readonly string[] {
  // Some take nothing from the caller.
  const parses = text.includes('raw') ? [/\bparse\(/] : [];
  const places = [AUTHORISES, ...parses, OPENS, /\bawait audit\(tx,/].map((step) => text.search(step));
  const isInOrder = places.every((place, at) => place > (places[at - 1] ?? -1));
  return isInOrder ? [] : [path];
}

const writes = listFiles('src/domain/**/*.ts').filter(
  ({ text }) => OPENS_FOR_CALLER.test(text) || (AUTHORISES.test(text) && OPENS.test(text)),
);

describe('a write of the domain', () => {
  it('is found', () => {
    expect(writes.length).toBeGreaterThanOrEqual(5);
  });

  it('authorises, parses, opens its transaction and audits inside it, in this order', () => {
    expect(writes.flatMap(findDisorder)).toEqual([]);
  });

  it.each([
    ['the caller', /authorize\(ctx/],
    ['the audit event', /await audit\(tx,/],
  ])('is seen to forget %s', (_what, part) => {
    const [example] = writes;
    if (example === undefined) throw new Error('no write to take apart');
    expect(findDisorder({ ...example, text: example.text.replaceAll(new RegExp(part, 'g'), '') })).toHaveLength(1);
  });
});
