import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { startProcess } from '../../support/start-process.ts';

const MOST_TOKENS = 3_000;

// Node gives the main thread of a process 984 KB, and other threads, such as those of tests, more.
const LESS_STACK = '--stack-size=800';

const toProgram = (query: string) => `
  import { buildSchema, parse, specifiedRules, validate } from 'graphql';
  const schema = buildSchema('type Query { a(b: String): Int }');
  const [error] = validate(schema, parse(${query}, { maxTokens: ${MOST_TOKENS} }), specifiedRules, { maxErrors: 3 });
  console.log(error?.message ?? 'valid');`;

describe('the most tokens that can be configured', () => {
  it('are those the rows below are made for', () => {
    expect(readConfig({ LIMIT_TOKENS: String(MOST_TOKENS) }).LIMIT_TOKENS).toBe(MOST_TOKENS);
    expect(() => readConfig({ LIMIT_TOKENS: String(MOST_TOKENS + 1) })).toThrow('LIMIT_TOKENS');
  });

  it.each([
    ['lists', `'{ a(b: ' + '['.repeat(1490) + ']'.repeat(1490) + ') }'`, 'String cannot represent'],
    ['objects', `'{ a(b: ' + '{a:'.repeat(740) + '1' + '}'.repeat(740) + ') }'`, 'String cannot represent'],
    ['selections', `'{a'.repeat(990) + '}'.repeat(990)`, 'Field "a" must not have'],
    ['fragments', `'{ ' + '...{'.repeat(740) + 'a' + '}'.repeat(740) + ' }'`, 'valid'],
  ])('as %s in each other are within the stack of a process', async (_what, query, message) => {
    const { code, output } = await startProcess([LESS_STACK, '--input-type=module', '--eval', toProgram(query)], {});
    expect(output).toContain(message);
    expect(code).toBe(0);
  });
});
