import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson, StrictJsonError } from '../../../src/identity/strict-json.ts';

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

  const TWICE = 'json: the same key twice';
  const MALFORMED = 'json: malformed';
  const TEXT = 'json: a text with half a character or NUL';
  it.each([
    ['the same key twice', '{"sub":"a","sub":"b"}', TWICE],
    ['the same key twice, once escaped', '{"sub":"a","\\u0073ub":"b"}', TWICE],
    ['the same key twice further in', '{"a":[{"b":1,"c":{"d":1,"d":2}}]}', TWICE],
    ['the same key twice, on both sides of what lies further in', '{"a":1,"b":{"c":[]},"a":2}', TWICE],
    ['the same key twice with space before the colon', '{"a" :1,"a"\t:2}', TWICE],
    ['the same key twice with a line break before the colon', '{"a"\n:1,"a"\n:2}', TWICE],
    ['the same key twice with a carriage return before the colon', '{"a"\r:1,"a"\r:2}', TWICE],
    ['a key named __proto__', '{"__proto__":{}}', 'json: a key named __proto__'],
    ['nesting beyond 8', '[[[[[[[[[1]]]]]]]]]', 'json: nested too deep'],
    ['a byte order mark', '\uFEFF{}', MALFORMED],
    ['what is no JSON', '{a:1}', MALFORMED],
    ['half a surrogate pair', '["\\ud800"]', TEXT],
    ['half a surrogate pair in a key', '{"\\udc00":1}', TEXT],
    ['NUL', '{"a":["\\u0000"]}', TEXT],
    ['a number no double holds', '[1e400]', 'json: a number out of range'],
    ['NaN', '[NaN]', MALFORMED],
    ['nothing', '', MALFORMED],
  ])('refuses %s, naming the rule', (_, text, rule) => {
    expect(() => parse(text)).toThrow(new StrictJsonError(rule));
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(new StrictJsonError('json: not UTF-8'));
  });

  it('is known by its name in the log when it refuses', () => {
    expect(new StrictJsonError('json: malformed').name).toBe('StrictJsonError');
  });

  it.each(['{"a":secret', '{"secret":1,"secret":2}', '["secret\\ud800"]'])(
    'does not quote %s when it refuses it',
    (text) => {
      expect(() => parse(text)).toThrow(/^json: (?!.*secret)/);
    },
  );

  it.each([
    ['one key in two objects', '[{"a":1},{"a":2}]'],
    ['one key in an object and again outside it', '{"a":{"b":1},"b":2}'],
    ['many objects and lists side by side', `[${Array(9).fill('{},[]')}]`],
    ['a value that looks like a key', '{"a":"a","b":"a\\": \\"a"}'],
    ['brackets and quotes inside strings', '{"a{[":"}]\\"","b":["{","a"]}'],
    ['nesting of 8', '[[[[[[[[1]]]]]]]]'],
    ['a whole surrogate pair', '["\\ud83d\\ude00"]'],
  ])('reads %s', (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });
});
