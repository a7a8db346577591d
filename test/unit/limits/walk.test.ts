import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { judge, refusalOf, times } from './world.ts';

/** Each fragment spreads the next at two places: unfolded, 2 to the power of their count. */
const doubling = (count: number) =>
  `{ me { ...F0 } } ${times(count, (at) => `fragment F${at} on Person { friend { ...F${at + 1} } f: friend { ...F${at + 1} } }`)}
   fragment F${count} on Person { id }`;

describe('measuring', () => {
  it('ends for fragments that unfold exponentially', () => {
    expect(refusalOf(doubling(60))).toBe(
      'The document has more than 5000 selections once its fragments are unfolded; no more are allowed.',
    );
  });

  it.each([
    ['itself', '{ ...A } fragment A on Query { ...A }'],
    ['one that leads back', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['itself a level further down', '{ me { ...A } } fragment A on Person { friend { ...A } }'],
    [
      'each other at two places',
      '{ me { ...A } } fragment A on Person { friend { ...B ...B } f: friend { ...B } } fragment B on Person { friend { ...A } }',
    ],
  ])('ends for a fragment that spreads %s, and leaves it to validation', (_what, text) => {
    expect(judge(text)[0]).toMatchObject({ message: expect.stringContaining('within itself') });
  });

  it('leaves names that do not exist to validation', () => {
    const text = '{ nonsense { more(first: 7) { nodes { id } } } ...Missing ... on Nothing { id } }';
    expect(judge(text).map(({ code }) => code)).not.toContain('OPERATION_LIMIT_EXCEEDED');
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('takes the name %s for a name', (name) => {
    expect(refusalOf(`{ me { ${name} { id } } }`)).toContain('Cannot query field');
  });

  it('leaves a kind of operation that does not exist to validation', () => {
    expect(refusalOf('subscription { anything { id } }')).toBeNull();
  });

  it('looks at each fragment once where it is spread side by side', () => {
    expect(refusalOf(`{ me { ${'...F '.repeat(39)} } } fragment F on Person { id }`)).toBeNull();
  });
});

describe('a refusal for its size', () => {
  it('comes before any other rule has looked into the document', () => {
    const [first, ...rest] = judge(`{ me { ${'nonsense '.repeat(500)} } }`);
    expect(first?.code).toBe('OPERATION_LIMIT_EXCEEDED');
    expect(new Set(rest.map(({ message }) => message))).toEqual(
      new Set([first?.message, 'Too many validation errors, error limit reached. Validation aborted.']),
    );
  });
});

describe('introspection', () => {
  const EVERY_OPTION = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };

  it('by the standard query passes', () => {
    expect(refusalOf(getIntrospectionQuery())).toBeNull();
  });

  it('by the standard query with every option passes', () => {
    expect(refusalOf(getIntrospectionQuery(EVERY_OPTION))).toBeNull();
  });

  it.each([
    ['lists in lists', '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }'],
    [
      'lists in lists through fragments',
      '{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...U } } } fragment U on __Type { fields { args { name } } }',
    ],
    [
      'lists in lists of one type',
      '{ __type(name: "Item") { fields { type { possibleTypes { interfaces { fields { name } } } } } } }',
    ],
    [
      'too many fields',
      `{ ${times(19, (at) => `a${at}: __schema { types { fields { name args { name type { kind name ofType { name } } } } } ${'...T'} }`)} } fragment T on __Schema { directives { name locations args { name description } } queryType { name } }`,
    ],
    ['too many aliases', `{ __schema { ${times(31, (at) => `a${at}: types { name }`)} } }`],
  ])('beyond it by %s is refused', (_what, text) => {
    expect(refusalOf(text)).toMatch(/^(Introspection|The operation has)/);
  });
});
