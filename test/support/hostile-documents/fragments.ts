import { type HostileDocument, inSizes, named, nest, times } from './document.ts';

const LIMIT = 'OPERATION_LIMIT_EXCEEDED';
const INVALID = 'GRAPHQL_VALIDATION_FAILED';

const ring = (size: number) =>
  `{ ...F0 } ${times(size, (at) => `fragment F${at} on Query { ...F${(at + 1) % size} }`)}`;

/** Fragments that lead to each other: in circles, by the hundred, or in numbers that double at each step. */
export const FRAGMENTS: readonly HostileDocument[] = [
  ...inSizes('fragments in a circle', INVALID, [1, 2, 3, 10, 20], ring),
  ...inSizes('fragments in a wide circle', LIMIT, [30, 100, 220], ring),
  ...inSizes(
    'fragments in a circle through fields',
    INVALID,
    [1, 2, 5],
    (size) =>
      `{ viewer { ...F0 } } ${times(size, (at) => `fragment F${at} on Viewer { viewer { ...F${(at + 1) % size} } }`)}`,
  ),
  ...inSizes(
    'fragments in two circles',
    INVALID,
    [2, 8],
    (size) =>
      `{ ...F0 } ${times(size, (at) => `fragment F${at} on Query { ...F${(at + 1) % size} ...F${(at * 3 + 1) % size} }`)}`,
  ),
  ...inSizes(
    'fragments in a row',
    LIMIT,
    [21, 100, 180],
    (size) =>
      `{ ...F0 } ${times(size, (at) => `fragment F${at} on Query { ...F${at + 1} }`)} fragment F${size} on Query { __typename }`,
  ),
  ...inSizes(
    'fragments in a row through fields',
    LIMIT,
    [12, 100],
    (size) =>
      `{ viewer { ...F0 } } ${times(size, (at) => `fragment F${at} on Viewer { viewer { ...F${at + 1} } }`)} fragment F${size} on Viewer { sub }`,
  ),
  ...inSizes(
    'fragments that double',
    LIMIT,
    [12, 30, 80],
    (size) =>
      `{ viewer { ...F0 } } ${times(size, (at) => `fragment F${at} on Viewer { x { ...F${at + 1} } y { ...F${at + 1} } }`)} fragment F${size} on Viewer { sub }`,
  ),
  ...inSizes(
    'fragments that multiply by ten',
    LIMIT,
    [4, 20],
    (size) =>
      `{ viewer { ...F0 } } ${times(size, (at) => `fragment F${at} on Viewer { ${times(10, (name) => `x${name} { ...F${at + 1} }`)} }`)} fragment F${size} on Viewer { sub }`,
  ),
  ...inSizes(
    'spreads of one fragment, each a level further',
    LIMIT,
    [13, 60],
    (size) => `{ ${nest(size, 'viewer { ...F ', 'sub')} } fragment F on Viewer { sub kind }`,
  ),
  ...inSizes(
    'fragments in one selection',
    LIMIT,
    [41, 150],
    (size) =>
      `{ viewer { ${times(size, (at) => `...F${at}`)} } } ${times(size, (at) => `fragment F${at} on Viewer { f${at} }`)}`,
  ),
  ...inSizes(
    'fragments that select the same',
    LIMIT,
    [21, 100],
    (size) =>
      `{ viewer { ${times(size, (at) => `...F${at}`)} } } ${times(size, (at) => `fragment F${at} on Viewer { sub kind tenantId }`)}`,
  ),
  ...inSizes(
    'fragments that all spread those after them',
    LIMIT,
    [22, 40],
    (size) =>
      `{ ...F0 } ${times(size, (at) => `fragment F${at} on Query { __typename ${times(size - at - 1, (next) => `...F${at + next + 1}`)} }`)}`,
  ),
  ...inSizes(
    'inline fragments within each other',
    LIMIT,
    [21, 100, 400, 600],
    (size) => `{ viewer { ${nest(size, '... {', 'sub')} } }`,
  ),
  ...inSizes(
    'typed inline fragments within each other',
    LIMIT,
    [21, 300],
    (size) => `{ viewer { ${nest(size, '... on Viewer {', 'sub')} } }`,
  ),
  ...inSizes(
    'inline fragments side by side',
    LIMIT,
    [21, 480],
    (size) => `{ viewer { ${'... { sub } '.repeat(size)} } }`,
  ),
  ...inSizes(
    'deep selections in a fragment nobody spreads',
    LIMIT,
    [13, 400],
    (size) => `{ viewer { sub } } fragment F on Query { ${nest(size, 'viewer {', 'sub')} }`,
  ),
  ...inSizes(
    'deep inline fragments in a fragment nobody spreads',
    LIMIT,
    [21, 500],
    (size) => `{ viewer { sub } } fragment F on Query { ${nest(size, '... {', '__typename')} }`,
  ),
  ...inSizes(
    'spreads of a fragment that does not exist',
    INVALID,
    [1, 500],
    (size) => `{ viewer { sub ${'...Missing '.repeat(size)} } }`,
  ),
  ...inSizes(
    'fragments nobody spreads',
    INVALID,
    [1, 200],
    (size) => `{ viewer { sub } } ${times(size, (at) => `fragment F${at} on Viewer { sub }`)}`,
  ),
  ...inSizes(
    'fragments of one name',
    INVALID,
    [2, 200],
    (size) => `{ viewer { ...F } } ${'fragment F on Viewer { sub } '.repeat(size)}`,
  ),
  ...named(INVALID, {
    'a fragment on a type that does not exist': '{ viewer { ...F } } fragment F on Nothing { id }',
    'a fragment on a scalar': '{ viewer { ...F } } fragment F on String { id }',
    'a fragment on an input': '{ viewer { ...F } } fragment F on UpdateProfileInput { displayName }',
    'a fragment that can never match': '{ viewer { ... on Tenant { id } } }',
    'fragments and no operation': 'fragment F on Query { viewer { sub } }',
    'a fragment within an object it cannot be of': '{ health { ...F } } fragment F on Query { health { status } }',
  }),
];
