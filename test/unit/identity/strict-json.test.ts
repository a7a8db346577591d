import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../../src/identity/strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads, where a text has one meaning', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        fc.pre(!/__proto__|\\u0000|\\ud[89a-f]/.test(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['the same key twice', '{"sub":"a","sub":"b"}'],
    ['the same key twice, once escaped', '{"sub":"a","\\u0073ub":"b"}'],
    ['the same key twice further in', '{"a":[{"b":1,"c":{"d":1,"d":2}}]}'],
    ['the same key twice with space before the colon', '{"a" :1,"a"\t:2}'],
    ['a key named __proto__', '{"__proto__":{}}'],
    ['nesting beyond 8', '[[[[[[[[[1]]]]]]]]]'],
    ['a byte order mark', '\uFEFF{}'],
    ['what is no JSON', '{a:1}'],
    ['half a surrogate pair', '["\\ud800"]'],
    ['half a surrogate pair in a key', '{"\\udc00":1}'],
    ['NUL', '{"a":["\\u0000"]}'],
    ['a number no double holds', '[1e400]'],
    ['NaN', '[NaN]'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow();
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow();
  });

  it.each(['{"a":secret', '{"secret":1,"secret":2}', '["secret\\ud800"]'])(
    'does not quote %s when it refuses it',
    (text) => {
      expect(() => parse(text)).toThrow(/^json: (?!.*secret)/);
    },
  );

  it.each([
    ['one key in two objects', '[{"a":1},{"a":2}]'],
    ['a value that looks like a key', '{"a":"a","b":"a\\": \\"a"}'],
    ['brackets and quotes inside strings', '{"a{[":"}]\\"","b":["{","a"]}'],
    ['nesting of 8', '[[[[[[[[1]]]]]]]]'],
    ['a whole surrogate pair', '["\\ud83d\\ude00"]'],
  ])('reads %s', (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });
});
