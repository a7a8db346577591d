import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/store/scope.ts';
import { stampRow } from '../../../src/store/stamp.ts';
import { aUser, GLOBEX } from '../access/fixtures.ts';
import { aWorld } from './world.ts';

const aRow = () => stampRow({ id: 'foreign', tenantId: GLOBEX }, SYSTEM);

const ask = (value: unknown, query = '{ json }') =>
  aWorld('scalar JSON  type Query { json: JSON @auth  list: [JSON] @auth  text: String @auth }', {
    Query: { json: () => value, list: () => [value], text: () => value },
  }).ask(aUser(), query);

describe("a scalar of one's own sends no row of the store", () => {
  it.each([
    ['as it is', aRow()],
    ['in a list', [1, aRow()]],
    ['deep inside', { rows: [{ first: aRow() }] }],
    ['copied', { ...aRow() }],
    ['by a promise', Promise.resolve(aRow())],
  ])('%s', async (_how, value) => {
    const { data, refusals } = await ask(value);
    expect(data).toEqual({ json: null });
    expect(refusals).toEqual([expect.stringContaining('JSON was handed a row')]);
  });

  it('nor in a list of the scalar, nor in a text', async () => {
    expect((await ask(aRow(), '{ list }')).data).toEqual({ list: [null] });
    expect((await ask(aRow(), '{ text }')).data).toEqual({ text: null });
  });

  it.each([
    ['an object', { a: [1, { b: null }] }],
    ['a text', 'x'],
    ['nothing', null],
  ])('but does send %s', async (_what, value) => {
    expect((await ask(value)).data).toEqual({ json: value });
  });
});
