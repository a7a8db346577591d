import { describe, expect, it } from 'vitest';
import { nest, refusalOf, times } from './world.ts';

type Row = readonly [limit: string, within: string, beyond: string, refusal: string];

const ROWS: readonly Row[] = [
  ['depth', `{ ${nest(12)} }`, `{ ${nest(13)} }`, 'The operation is nested 13 deep; at most 12 is allowed.'],
  [
    'depth through fragments',
    `{ me { friend { ...F } } } fragment F on Person { ${'friend { '.repeat(9)} id ${'} '.repeat(9)} }`,
    `{ me { friend { ...F } } } fragment F on Person { ${'friend { '.repeat(10)} id ${'} '.repeat(10)} }`,
    'The operation is nested 13 deep; at most 12 is allowed.',
  ],
  [
    'aliases',
    `{ me { ${times(30, (at) => `a${at}: id`)} } }`,
    `{ me { ${times(31, (at) => `a${at}: id`)} } }`,
    'The operation has 31 aliases; at most 30 are allowed.',
  ],
  [
    'aliases of __typename',
    `{ me { ${times(30, (at) => `a${at}: __typename`)} } }`,
    `{ me { ${times(31, (at) => `a${at}: __typename`)} } }`,
    'The operation has 31 aliases; at most 30 are allowed.',
  ],
  [
    'aliases in a fragment spread at several places',
    `{ me { friend { ...F friend { ...F friend { ...F } } } } } fragment F on Person { ${times(10, (at) => `a${at}: id`)} }`,
    `{ me { ...F friend { ...F friend { ...F friend { ...F } } } } } fragment F on Person { ${times(10, (at) => `a${at}: id`)} }`,
    'The operation has 40 aliases; at most 30 are allowed.',
  ],
  [
    'root fields',
    `{ ${times(20, (at) => `a${at}: __typename`)} }`,
    `{ ${times(21, (at) => `a${at}: __typename`)} }`,
    'The operation has 21 root fields; at most 20 are allowed.',
  ],
  [
    'root fields of a mutation',
    `mutation { ${times(20, (at) => `a${at}: add { id }`)} }`,
    `mutation { ${times(21, (at) => `a${at}: add { id }`)} }`,
    'The operation has 21 root fields; at most 20 are allowed.',
  ],
  [
    'root fields in inline fragments',
    `{ ${times(20, () => '... { __typename }')} }`,
    `{ ${times(21, () => '... on Query { __typename }')} }`,
    'The operation has 21 root fields; at most 20 are allowed.',
  ],
  [
    'repeats of one field',
    `{ me { ${'id '.repeat(20)} } }`,
    `{ me { ${'id '.repeat(21)} } }`,
    'The operation selects one field 21 times; at most 20 are allowed.',
  ],
  [
    'repeats that multiply from level to level',
    `{ me { ${'friend { id id } '.repeat(10)} } }`,
    `{ me { ${'friend { id id id } '.repeat(10)} } }`,
    'The operation selects one field 30 times; at most 20 are allowed.',
  ],
  [
    'operations',
    times(10, (at) => `query Q${at} { __typename }`),
    times(11, (at) => `query Q${at} { __typename }`),
    'The document has 11 operations; at most 10 are allowed.',
  ],
  [
    'directives',
    `query ($if: Boolean!) { me { ${'id @skip(if: $if) @include(if: $if) '.repeat(20)} ${'name @skip(if: $if) '.repeat(10)} } }`,
    `query ($if: Boolean!) { me { ${'id @skip(if: $if) @include(if: $if) '.repeat(20)} ${'name @skip(if: $if) '.repeat(11)} } }`,
    'The document has more than 50 directives; no more are allowed.',
  ],
  [
    'directives at one place',
    'query ($if: Boolean!) { me @skip(if: $if) @include(if: $if) { id } }',
    `{ me ${'@skip(if: false) '.repeat(5)} { id } }`,
    'The document has more than 4 directives at one place; no more are allowed.',
  ],
  [
    'fragments within one selection',
    `{ me { ${times(40, (at) => `...F${at}`)} } } ${times(40, (at) => `fragment F${at} on Person { ${at % 2 ? 'id' : 'name'} }`)}`,
    `{ me { ${times(41, (at) => `...F${at}`)} } } ${times(41, (at) => `fragment F${at} on Person { ${'id name __typename'.split(' ')[at % 3]} }`)}`,
    'The document has more than 40 fragments within one selection; no more are allowed.',
  ],
  [
    'fragments within each other',
    `{ me { ${'... { '.repeat(20)} id ${'} '.repeat(20)} } }`,
    `{ me { ${'... { '.repeat(21)} id ${'} '.repeat(21)} } }`,
    'The document has more than 20 fragments within each other; no more are allowed.',
  ],
];

describe('a document at the limit of', () => {
  it.each(ROWS)('%s passes', (_limit, within) => {
    expect(refusalOf(within)).toBeNull();
  });
});

describe('a document beyond the limit of', () => {
  it.each(ROWS)('%s is refused with the limit and its bound', (_limit, _within, beyond, refusal) => {
    expect(refusalOf(beyond)).toBe(refusal);
  });

  it.each([
    ['depth', { depth: 2 }, '{ me { friend { id } } }'],
    ['aliases', { aliases: 0 }, '{ a: __typename }'],
    ['root fields', { rootFields: 1 }, '{ __typename me { id } }'],
    ['cost', { cost: 5 }, '{ items(first: 2) { nodes { id name } } }'],
    ['operations', { operations: 1 }, 'query A { __typename } query B { __typename }'],
  ])('%s as configured is refused', (_limit, limits, text) => {
    expect(refusalOf(text)).toBeNull();
    expect(refusalOf(text, limits)).toContain('allowed');
  });

  it('any kind in a fragment nobody spreads is refused', () => {
    expect(refusalOf(`{ __typename } fragment F on Query { ${nest(13)} }`)).toContain('13 deep');
  });

  it('any kind in one operation of several is refused', () => {
    expect(refusalOf(`query A { __typename } query B { ${nest(13)} }`)).toContain('13 deep');
  });
});
