import { beforeEach, describe, expect, it } from 'vitest';
import { aMachine, aUser } from '../access/fixtures.ts';
import { askServer } from './ask-server.ts';
import { aWorld, createRecorder } from './world.ts';

const { ran, record } = createRecorder();
const write = record('write', () => 1);
let foundRows: readonly object[] = [];
const found = record('found', () => foundRows);

beforeEach(() => {
  ran.splice(0);
  foundRows = [];
});

const world = aWorld(
  `
  type Query { ok: Int @auth  found: [Found] @auth  secrets: [Secret] @auth  rows: [Row] @auth }
  type Mutation {
    write: Int @auth  staff: Int @auth(groups: ["Admins"])
    fresh: Int @auth(maxAuthAgeSeconds: 30)  strong: Int @auth(mfa: true)  find: [Found] @auth
  }
  type Row @auth { id: ID  secret: ID @auth(groups: ["Admins"]) }
  union Found = Open | Secret
  type Open @auth { id: ID }
  type Secret @auth(groups: ["Admins"]) { id: ID }
`,
  {
    Query: { ok: () => 1, found, secrets: () => [], rows: () => [] },
    Mutation: { write, staff: write, fresh: write, strong: write, find: found },
  },
);

type Asked = Parameters<typeof askServer>[2];
const ask = (query: string, variables: Asked['variables'] = {}, principal = aUser()) =>
  askServer(world, principal, { query, variables });

describe('a query that is refused something', () => {
  it('runs all the same', async () => {
    const { data, errors } = await ask('{ ok secrets { id } }');
    expect([data, errors.length]).toEqual([{ ok: 1, secrets: null }, 1]);
  });

  it('is told of in the log, though no row came for a resolver to refuse', async () => {
    const { errors, lines } = await ask('{ rows { id secret } }');
    expect(errors).toEqual([]);
    expect(lines).toMatchObject([{ level: 'info', net: 'directive', path: 'rows.secret', field: 'Row.secret' }]);
  });

  it('is told of below a union where such an object came, and only there', async () => {
    expect((await ask('{ found { __typename } }')).lines).toEqual([]);
    foundRows = [{ __typename: 'Open' }, { __typename: 'Secret' }, { __typename: 'Secret' }];
    const { lines } = await ask('{ found { __typename } }');
    expect(lines).toMatchObject([{ level: 'info', path: 'found', code: 'FORBIDDEN' }]);
  });

  it('names in the request the codes answered, not those foretold', async () => {
    expect((await ask('{ ok found { __typename } }')).record.codes).toEqual([]);
    expect((await ask('{ secrets { id } }')).record.codes).toEqual(['FORBIDDEN']);
  });
});

describe('a mutation that is refused something', () => {
  it('writes nothing, is answered once with its place, and leaves a line for each refusal', async () => {
    const { data, errors, lines } = await ask('mutation { write one: staff two: staff }');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { path: ['one'], locations: [{ line: 1, column: 18 }], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(ran).toEqual([]);
    expect(lines).toMatchObject([
      { level: 'info', path: 'one', field: 'Mutation.staff' },
      { level: 'info', path: 'two', field: 'Mutation.staff' },
    ]);
  });

  it('is refused for an object it may return, though none came', async () => {
    const { errors, lines } = await ask('mutation { find { __typename } }');
    expect(errors).toHaveLength(1);
    expect(lines).toMatchObject([{ level: 'info', path: 'find', rule: '@auth(groups: ["Admins"])' }]);
  });

  it('names one sign-in for all its fields', async () => {
    const { errors } = await ask('mutation { fresh strong }');
    expect(errors).toMatchObject([
      { path: ['fresh'], extensions: { code: 'STEP_UP_REQUIRED', maxAuthAgeSeconds: 30, mfa: true } },
    ]);
  });

  it('is not sent to sign in for what a sign-in would not end', async () => {
    const { errors } = await ask('mutation { fresh staff }');
    expect(errors).toMatchObject([{ path: ['staff'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('sends no machine to sign in', async () => {
    const { errors } = await ask('mutation { fresh }', {}, aMachine());
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a mutation that is refused nothing', () => {
  it.each([
    ['a user', aUser()],
    ['a machine', aMachine()],
  ])('of %s writes', async (_whose, principal) => {
    const { data, errors } = await ask('mutation { write }', {}, principal);
    expect([data, errors]).toEqual([{ write: 1 }, []]);
    expect(ran).toEqual(['write']);
  });
});

describe('a condition given null', () => {
  it.each([
    'query ($on: Boolean = true) { found { __typename } ok @include(if: $on) }',
    'mutation ($on: Boolean = true) { write more: write @include(if: $on) }',
  ])('is a mistake of the caller, and nothing runs: %s', async (document) => {
    const { data, errors, lines } = await ask(document, { on: null });
    expect([data, errors.map(({ extensions }) => extensions?.['code'])]).toEqual([undefined, ['BAD_USER_INPUT']]);
    expect(ran).toEqual([]);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
