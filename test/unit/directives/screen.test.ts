import { describe, expect, it } from 'vitest';
import { notFound } from '../../../src/errors.ts';
import { isPromiseLike, screen } from '../../../src/graphql/directives/screen.ts';

const FOREIGN = notFound('foreign');
const findError = (row: unknown) => (row === 'ours' ? null : FOREIGN);

describe('screen', () => {
  it.each([null, undefined, new Error('failed')])('hands on %s, which is no row', (answer) => {
    expect(screen(answer, 0, () => FOREIGN)).toBe(answer);
  });

  it.each([
    ['a row', 'ours', 0, 'ours'],
    ['a list', ['ours', 'theirs'], 1, ['ours', FOREIGN]],
    ['a list of lists', [['ours'], ['theirs', 'ours']], 2, [['ours'], [FOREIGN, 'ours']]],
    ['a list where one row is due', ['ours'], 0, FOREIGN],
    ['a list where a row of a list is due', [['ours'], 'ours'], 1, [FOREIGN, 'ours']],
    ['a text where a list is due', 'ours', 1, 'ours'],
    ['a number where a list is due', 7, 1, FOREIGN],
    ['an object whose then is no function', JSON.parse('{ "then": 1 }'), 0, FOREIGN],
  ])('judges %s', (_what, answer, listDepth, judged) => {
    expect(screen(answer, listDepth, findError)).toEqual(judged);
  });

  it('judges what is promised once it is there, in a list too', async () => {
    expect(await screen(Promise.resolve('theirs'), 0, findError)).toBe(FOREIGN);
    const listed = screen([Promise.resolve('theirs')], 1, findError);
    expect(await Promise.all(listed as unknown[])).toEqual([FOREIGN]);
  });
});

describe('isPromiseLike', () => {
  it.each([[null], [undefined], ['text'], [{}], [JSON.parse('{ "then": 1 }')], [() => 0]])('says no to %o', (value) => {
    expect(isPromiseLike(value)).toBe(false);
  });
});
