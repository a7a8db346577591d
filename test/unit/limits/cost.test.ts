import { type DocumentNode, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createOperationLimits } from '../../../src/graphql/limits/operation-limits.ts';
import { DEFAULT_LIMITS } from '../../../src/graphql/limits.ts';
import { refusalOf, schema } from './world.ts';

/** The cost of a document, as its refusal tells it. */
const costOf = (text: string) => Number(/costs (\d+);/.exec(refusalOf(text, { cost: 0 }) ?? '')?.[1]);

describe('the cost of an operation', () => {
  it.each([
    ['one for each field', '{ me { id name __typename } }', 4],
    ['as many as asked for by first', '{ items(first: 3) { nodes { id } } }', 1 + 1 + 3],
    ['as many as asked for by last', '{ items(last: 30) { nodes { id } } }', 1 + 1 + 30],
    ['the default of first', '{ items { nodes { id } } }', 1 + 1 + 20],
    ['fifty for a list that takes no size', '{ plain { id } }', 1 + 50],
    ['as many as asked for of a list without pages', '{ sized(first: 5) { id } }', 1 + 5],
    ['the default for null', '{ items(first: null) { nodes { id } } }', 1 + 1 + 20],
    ['a hundred for more, of which no page is given', '{ items(first: 1000000) { nodes { id } } }', 1 + 1 + 100],
    ['one for less', '{ items(first: -5) { nodes { id } } }', 1 + 1 + 1],
    [
      'the size of a page for its own list alone',
      '{ items(first: 3) { nodes { parts { id } } } }',
      1 + 1 + 3 * (1 + 50),
    ],
    ['edges like nodes', '{ items(first: 3) { edges { cursor node { id } } totalCount } }', 1 + 2 + 3 * 3],
    ['nodes and edges both', '{ items(first: 3) { nodes { id } edges { cursor } } }', 1 + 2 + 3 + 3],
    [
      'lists in lists multiplied',
      '{ items(first: 3) { nodes { items(first: 4) { nodes { id } } } } }',
      1 + 1 + 3 * (1 + 1 + 4),
    ],
    [
      'the size of a page in a fragment on the connection',
      '{ items(first: 3) { ...F } } fragment F on ItemConnection { nodes { id } }',
      1 + 1 + 3,
    ],
    ['a field selected twice once', '{ me { id id } me { id } }', 2],
    [
      'the larger of two selections that are merged',
      '{ items(first: 3) { nodes { id } } ...F } fragment F on Query { items(first: 3) { nodes { name } } }',
      1 + 1 + 3 * 2,
    ],
    ['lists below an interface', '{ named { items(first: 3) { nodes { id } } } }', 2 + 1 + 3],
    [
      'every concrete type of an interface',
      '{ named { ... on Item { owner { id } } ... on Person { friend { id } } } }',
      1 + 2 + 2,
    ],
    ['introspection as nothing', '{ __schema { types { fields { name } } } }', 1],
  ])('counts %s', (_what, text, cost) => {
    expect(costOf(text)).toBe(cost);
  });

  it('of 100 × 100 × 100 is refused', () => {
    const level = (below: string) => `items(first: 100) { nodes { ${below} } }`;
    expect(refusalOf(`{ ${level(level(level('id')))} }`)).toBe(
      'The operation costs 1020202; at most 10000 is allowed.',
    );
  });
});

describe('a size by variable', () => {
  const TWO_LEVELS = 'items(first: $n) { nodes { items(first: $n) { nodes { id name } } } }';

  /** The refusal of an operation that validation let through, with these variables. */
  function refusalWith(text: string, variables: Record<string, unknown>, operationName?: string): string | null {
    const limits = createOperationLimits(DEFAULT_LIMITS);
    const document: DocumentNode = parse(text);
    expect(validate(schema, document, [limits.rule])).toEqual([]);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new Error('no operation');
    try {
      limits.assertAffordable({ schema, document, operation, variables });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  it('is taken at its lowest by validation, and as it is before execution', () => {
    expect(refusalWith(`query ($n: Int) { ${TWO_LEVELS} }`, { n: 10 })).toBeNull();
    expect(refusalWith(`query ($n: Int) { ${TWO_LEVELS} }`, { n: 100 })).toBe(
      'The operation costs 20202; at most 10000 is allowed.',
    );
  });

  it.each([
    ['its own default', `query ($n: Int = 100) { ${TWO_LEVELS} }`, {}, '20202'],
    ["the field's default where it is not sent", `query ($n: Int) { a: ${TWO_LEVELS} b: ${TWO_LEVELS} }`, {}, null],
    ['a hundred where more is sent', `query ($n: Int) { ${TWO_LEVELS} }`, { n: 1e9 }, '20202'],
    ['the default where no number is sent', `query ($n: Int) { ${TWO_LEVELS} }`, { n: '100' }, null],
    ['the default where null is sent', `query ($n: Int = 100) { ${TWO_LEVELS} }`, { n: null }, null],
    ['the default where another variable is sent', `query ($n: Int) { ${TWO_LEVELS} }`, { m: 100 }, null],
    ['one in a fragment', `query ($n: Int) { ...F } fragment F on Query { ${TWO_LEVELS} }`, { n: 100 }, '20202'],
  ])('counts as %s', (_what, text, variables, cost) => {
    const refusal = refusalWith(text, variables);
    if (cost === null) expect(refusal).toBeNull();
    else expect(refusal).toContain(cost);
  });

  it('is looked at in the operation that is executed alone', () => {
    const text = `query A($n: Int) { ${TWO_LEVELS} } query B($n: Int) { items(first: $n) { totalCount } }`;
    expect(refusalWith(text, { n: 100 }, 'B')).toBeNull();
    expect(refusalWith(text, { n: 100 }, 'A')).toContain('20202');
  });
});
