import { type HostileDocument, inSizes, named, nest, times } from './document.ts';

const LIMIT = 'OPERATION_LIMIT_EXCEEDED';
const MEMBER = 'id role joinedAt tenantId tenant { id name slug status } user { id email displayName }';

/** Too deep, too broad, too often: what a document selects. */
export const SHAPES: readonly HostileDocument[] = [
  ...inSizes('fields in fields', LIMIT, [13, 50, 200, 490, 660], (size) => `{ ${nest(size, 'viewer {', 'sub')} }`),
  ...inSizes(
    'fields in list fields',
    LIMIT,
    [7, 20, 150],
    (size) => `{ ${nest(size, 'members { nodes {', 'id', '}}')} }`,
  ),
  ...inSizes(
    'fields in fields of a mutation',
    LIMIT,
    [13, 300],
    (size) => `mutation { ${nest(size, 'createTenant {', 'id')} }`,
  ),
  ...inSizes('aliases', LIMIT, [31, 100, 390], (size) => `{ viewer { ${times(size, (at) => `a${at}: sub`)} } }`),
  ...inSizes(
    'aliases of __typename',
    LIMIT,
    [31, 300, 660],
    (size) => `{ viewer { ${times(size, (at) => `a${at}: __typename`)} } }`,
  ),
  ...inSizes('aliases of one name', LIMIT, [31, 660], (size) => `{ viewer { ${'a: sub '.repeat(size)} } }`),
  ...inSizes(
    'aliases in a list',
    LIMIT,
    [31, 600],
    (size) => `{ members { nodes { ${times(size, (at) => `a${at}: id`)} } } }`,
  ),
  ...inSizes(
    'aliases spread over the levels',
    LIMIT,
    [4, 60],
    (size) =>
      `{ ${times(size, (at) => `v${at}: viewer { a: sub b: kind t: tenant { a: id b: name c: slug } p: profile { a: id } }`)} }`,
  ),
  ...inSizes(
    'aliased lists',
    LIMIT,
    [25, 100],
    (size) => `{ ${times(size, (at) => `m${at}: members(first: 100) { nodes { id } }`)} }`,
  ),
  ...inSizes('root fields', LIMIT, [21, 500, 1_990], (size) => `{ ${'__typename '.repeat(size)} }`),
  ...inSizes('root fields with selections', LIMIT, [21, 100, 490], (size) => `{ ${'viewer { sub } '.repeat(size)} }`),
  ...inSizes(
    'root fields that do not exist',
    LIMIT,
    [21, 1_990],
    (size) => `{ ${times(size, (at) => `nonsense${at}`)} }`,
  ),
  ...inSizes(
    'root fields of a mutation',
    LIMIT,
    [21, 150],
    (size) =>
      `mutation { ${times(size, (at) => `a${at}: updateProfile(input: { displayName: "x" }) { user { id } }`)} }`,
  ),
  ...inSizes('one field repeated', LIMIT, [21, 500, 1_990], (size) => `{ viewer { ${'sub '.repeat(size)} } }`),
  ...inSizes('one list repeated', LIMIT, [21, 300], (size) => `{ viewer { ${'memberships { id } '.repeat(size)} } }`),
  ...inSizes('two selections in each, so deep', LIMIT, [5, 6, 7], (size) => {
    const within = (depth: number): string =>
      depth === 0 ? 'id' : `tenant { ${within(depth - 1)} } tenant { ${within(depth - 1)} }`;
    return `{ viewer { ${within(size)} } }`;
  }),
  ...inSizes(
    'merged selections that differ in arguments',
    LIMIT,
    [21, 200],
    (size) => `{ ${times(size, (at) => `members(first: ${at}) { totalCount }`)} }`,
  ),
  ...inSizes(
    'merged selections that differ in a long argument',
    LIMIT,
    [21, 150],
    (size) => `{ ${times(size, (at) => `members(search: "${'x'.repeat(200)}${at}") { totalCount }`)} }`,
  ),
  ...inSizes(
    'merged names of different fields',
    LIMIT,
    [16, 300],
    (size) => `{ viewer { ${'a: sub a: kind '.repeat(size)} } }`,
  ),
  ...inSizes(
    'merged lists, each with merged fields',
    LIMIT,
    [5, 20, 40],
    (size) => `{ viewer { ${`memberships { ${'id '.repeat(size)} } `.repeat(size)} } }`,
  ),
  ...inSizes(
    'merged fields in typed fragments',
    LIMIT,
    [21, 320],
    (size) => `{ viewer { ${'... on Viewer { sub } '.repeat(size)} } }`,
  ),
  ...inSizes(
    'cost of lists',
    LIMIT,
    [7, 20],
    (size) =>
      `{ ${times(size, (at) => `a${at}: members(first: 100) { nodes { ${MEMBER} } edges { cursor node { id } } }`)} }`,
  ),
  ...inSizes(
    'cost of lists by default',
    LIMIT,
    [7, 20],
    (size) =>
      `query ($n: Int = 100) { ${times(size, (at) => `a${at}: members(first: $n) { nodes { ${MEMBER} } edges { cursor node { id } } }`)} }`,
  ),
  ...inSizes('operations', LIMIT, [11, 100, 390], (size) => times(size, (at) => `query Q${at} { __typename }`)),
  ...inSizes(
    'operations that share fragments',
    LIMIT,
    [11, 100],
    (size) =>
      `${times(size, (at) => `query Q${at} { ...A ...B }`)} fragment A on Query { __typename } fragment B on Query { ...A }`,
  ),
  ...inSizes(
    'directives at one place',
    LIMIT,
    [5, 100, 280],
    (size) => `{ viewer { sub ${'@skip(if: false) '.repeat(size)} } }`,
  ),
  ...inSizes(
    'directives that do not exist',
    LIMIT,
    [5, 900],
    (size) => `{ viewer { sub ${'@nonsense '.repeat(size)} } }`,
  ),
  ...inSizes(
    'directives on the operation',
    LIMIT,
    [5, 900],
    (size) => `query ${'@nonsense '.repeat(size)} { viewer { sub } }`,
  ),
  ...inSizes(
    'directives on a fragment',
    LIMIT,
    [5, 500],
    (size) => `{ viewer { ...F } } fragment F on Viewer ${'@nonsense '.repeat(size)} { sub }`,
  ),
  ...inSizes(
    'directives on a variable',
    LIMIT,
    [5, 500],
    (size) => `query ($a: Int ${'@nonsense '.repeat(size)}) { members(first: $a) { totalCount } }`,
  ),
  ...inSizes(
    'fields with a directive each',
    LIMIT,
    [51, 240],
    (size) => `{ viewer { ${times(size, (at) => `f${at} @include(if: true)`)} } }`,
  ),
  ...named(LIMIT, {
    'lists of a hundred by variable': [
      `query ($n: Int) { ${times(10, (at) => `a${at}: members(first: $n) { nodes { ${MEMBER} } }`)} }`,
      { n: 100 },
    ],
    'lists of more than a hundred by variable': [
      `query ($n: Int!) { ${times(10, (at) => `a${at}: members(first: $n) { nodes { ${MEMBER} } }`)} }`,
      { n: 1_000_000_000 },
    ],
    'introspection in introspection': `{ __schema { ${nest(100, 'types { fields { type {', 'name', '}}}')} } }`,
    'the whole schema under thirty names': `{ __schema { ${times(40, (at) => `a${at}: types { fields { args { name } } }`)} } }`,
    'introspection by many fields': `{ ${times(18, (at) => `a${at}: __schema { types { fields { name args { name type { kind name ofType { name } } } } } directives { name isRepeatable args { name defaultValue } } queryType { name kind } mutationType { name kind } }`)} }`,
  }),
];
