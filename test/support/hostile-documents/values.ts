import { type HostileDocument, inSizes, named, nest, times } from './document.ts';

const INVALID = 'GRAPHQL_VALIDATION_FAILED';
const INPUT = 'BAD_USER_INPUT';
const RENAME = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }';
const PAGE = 'query ($first: Int) { members(first: $first) { nodes { id } } }';
const SEARCH = 'query ($text: String) { members(search: $text) { totalCount } }';
const REPEATED_WORDS = 'Did you mean '.repeat(4_500);

/** Arguments and variables: too many, too deep, of the wrong kind, beyond bounds. */
export const VALUES: readonly HostileDocument[] = [
  ...inSizes(
    'variables nobody uses',
    INVALID,
    [1, 100, 390],
    (size) => `query (${times(size, (at) => `$v${at}: Int`)}) { viewer { sub } }`,
  ),
  ...inSizes(
    'variables in one list',
    INVALID,
    [10, 270],
    (size) =>
      `query (${times(size, (at) => `$v${at}: String`)}) { members(search: [${times(size, (at) => `$v${at}`)}]) { totalCount } }`,
  ),
  ...inSizes(
    'variables nobody defined',
    INVALID,
    [1, 150],
    (size) =>
      `{ ${times(Math.min(size, 20), (at) => `a${at}: members(search: [${times(size / 20 + 1, (v) => `$v${at}x${v}`)}]) { totalCount }`)} }`,
  ),
  ...inSizes(
    'variables of one name',
    INVALID,
    [2, 390],
    (size) => `query (${'$v: Int '.repeat(size)}) { members(first: $v) { totalCount } }`,
  ),
  ...inSizes(
    'variables of a type that does not exist',
    INVALID,
    [1, 200],
    (size) => `query (${times(size, (at) => `$v${at}: Nonsense`)}) { viewer { sub } }`,
  ),
  ...inSizes(
    'a variable of lists in lists',
    INVALID,
    [2, 50, 900],
    (size) => `query ($v: ${nest(size, '[', 'Int', ']')}) { members(first: $v) { totalCount } }`,
  ),
  ...inSizes(
    'a default of lists in lists',
    INVALID,
    [2, 900],
    (size) => `query ($v: Int = ${nest(size, '[', '1', ']')}) { members(first: $v) { totalCount } }`,
  ),
  ...inSizes(
    'a list for one value',
    INVALID,
    [1, 100, 1_900],
    (size) => `{ members(first: [${'1 '.repeat(size)}]) { totalCount } }`,
  ),
  ...inSizes(
    'lists in lists for one value',
    INVALID,
    [2, 100, 950],
    (size) => `{ members(search: ${nest(size, '[', '1', ']')}) { totalCount } }`,
  ),
  ...inSizes(
    'objects in objects for one value',
    INVALID,
    [2, 100, 480],
    (size) => `{ members(search: ${nest(size, '{a:', '1')}) { totalCount } }`,
  ),
  ...inSizes(
    'arguments that do not exist',
    INVALID,
    [1, 100, 600],
    (size) => `{ members(${times(size, (at) => `a${at}: 1`)}) { totalCount } }`,
  ),
  ...inSizes(
    'arguments of one name',
    INVALID,
    [2, 600],
    (size) => `{ members(${'first: 1 '.repeat(size)}) { totalCount } }`,
  ),
  ...inSizes(
    'input fields that do not exist',
    INVALID,
    [1, 100, 600],
    (size) =>
      `mutation { updateProfile(input: { displayName: "x" ${times(size, (at) => `f${at}: 1`)} }) { user { id } } }`,
  ),
  ...inSizes(
    'input fields of one name',
    INVALID,
    [2, 600],
    (size) => `mutation { updateProfile(input: { ${'displayName: "x" '.repeat(size)} }) { user { id } } }`,
  ),
  ...inSizes(
    'objects in objects for an input',
    INVALID,
    [2, 480],
    (size) => `mutation { updateProfile(input: ${nest(size, '{displayName:', '"x"')}) { user { id } } }`,
  ),
  ...named(INVALID, {
    'first beyond 32 bits': '{ members(first: 2147483648) { totalCount } }',
    'first of 50 000 digits': `{ members(first: ${'9'.repeat(50_000)}) { totalCount } }`,
    'first with a fraction': '{ members(first: 1.5) { totalCount } }',
    'first of 10 to the 400': '{ members(first: 1e400) { totalCount } }',
    'first as text': '{ members(first: "100") { totalCount } }',
    'a role that does not exist': '{ members(role: EMPEROR) { totalCount } }',
    'a role as text of 58 KB, made for a slow pattern': `{ members(role: "${REPEATED_WORDS}") { totalCount } }`,
    'an argument that is missing': '{ member { id } }',
    'a variable of the wrong type': 'query ($v: String) { members(first: $v) { totalCount } }',
    'a variable that may be null': 'query ($v: ID) { member(id: $v) { id } }',
    'a variable of an output type': 'query ($v: Viewer) { viewer { sub } }',
  }),
  ...named(INPUT, {
    'first of none': '{ members(first: 0) { totalCount } }',
    'first below zero': '{ members(first: -1) { totalCount } }',
    'first beyond a hundred': '{ members(first: 101) { totalCount } }',
    'first of two billion': '{ members(first: 2147483647) { nodes { id } } }',
    'first of two billion by variable': [PAGE, { first: 2_147_483_647 }],
    'first beyond 32 bits by variable': [PAGE, { first: 2_147_483_648 }],
    'first as text by variable': [PAGE, { first: '100' }],
    'first as a list by variable': [PAGE, { first: Array(5_000).fill(1) }],
    'first as an object by variable': [PAGE, { first: { a: { b: { c: 1 } } } }],
    'a search of 60 KB': `{ members(search: "${'x'.repeat(60_000)}") { totalCount } }`,
    'a search of 60 KB by variable': [SEARCH, { text: 'x'.repeat(60_000) }],
    'a search for the character zero': '{ members(search: "\\u0000") { totalCount } }',
    'a search for the character zero unescaped': '{ members(search: "\0") { totalCount } }',
    'a search for the character zero by variable': [SEARCH, { text: '\0' }],
    'a cursor of 60 KB': `{ members(after: "${'A'.repeat(60_000)}") { totalCount } }`,
    'a cursor nobody gave': '{ members(after: "AAAA") { totalCount } }',
    'an input field that does not exist by variable': [RENAME, { input: { displayName: 'x', isAdmin: true } }],
    '5 000 input fields that do not exist': [
      RENAME,
      { input: Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`f${at}`, 1])) },
    ],
    'an input that is a list': [RENAME, { input: [{ displayName: 'x' }, { displayName: 'y' }] }],
    'an input that is missing': [RENAME, {}],
    'a name of the wrong type': [RENAME, { input: { displayName: { toString: 'x' } } }],
    'a role that does not exist by variable': [
      'query ($role: MembershipRole) { members(role: $role) { totalCount } }',
      { role: REPEATED_WORDS },
    ],
  }),
  ...named(null, {
    'thousands of variables the document does not have': [
      '{ viewer { sub } }',
      Object.fromEntries(Array.from({ length: 4_000 }, (_, at) => [`v${at}`, at])),
    ],
    'a variable named like a method': ['query ($constructor: Int) { members(first: $constructor) { totalCount } }', {}],
    'first by a variable that is null': [PAGE, { first: null }],
    'a search for half a character by variable': [SEARCH, { text: '\ud800' }],
  }),
];
