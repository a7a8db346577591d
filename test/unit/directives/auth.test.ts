import { beforeEach, describe, expect, it } from 'vitest';
import { aMachine, anAdmin, aUser } from '../access/fixtures.ts';
import { aWorld, createRecorder } from './world.ts';

const { ran, record } = createRecorder();
const makeSecret = record('makeSecret', () => ({ __typename: 'Secret', id: '1' }));
const search = async () => [
  { __typename: 'Open', id: '1', title: 'hello' },
  { __typename: 'Secret', id: '2' },
];

const world = aWorld(
  `
  type Query {
    ok: Boolean @public
    secret: Secret @auth
    node: Node @auth
    search: [Found] @auth
    open: Open @auth
    secrets: SecretConnection @auth
    both: Both @auth
    fresh: Int @auth(maxAuthAgeSeconds: 30)
    strong: Strong @auth
  }
  type Mutation { makeSecret: Secret @auth  makeFound: Found @auth }
  interface Node @auth(groups: ["Admins"]) { id: ID  code: String }
  type Secret implements Node @auth(groups: ["Admins"]) { id: ID  code: String }
  type Open @auth { id: ID  title: String  secret: Secret }
  union Found = Open | Secret
  type SecretConnection { nodes: [Secret]!  totalCount: Int! }
  type Strong @auth(mfa: true) { fresh: Int @auth(maxAuthAgeSeconds: 30) }
  type Both @auth(groups: ["TenantMembers"]) { value: String @auth(groups: ["Admins"]) }
`,
  {
    Query: {
      ok: () => true,
      secret: record('secret', () => ({ id: '1' })),
      node: record('node', () => ({ __typename: 'Secret', id: '1' })),
      search,
      open: () => ({ id: '1', title: 'hello', secret: { id: '2' } }),
      secrets: record('secrets', () => ({ nodes: [{ id: '1' }], totalCount: 1 })),
      both: () => ({}),
      fresh: () => 1,
      strong: () => ({ fresh: 1 }),
    },
    Mutation: { makeSecret, makeFound: makeSecret },
    Secret: { code: record('code', () => 'top secret') },
    Both: { value: record('value', () => 'both') },
  },
);

describe('@auth answers FORBIDDEN, and the resolver never runs, for a protected field', () => {
  beforeEach(() => void ran.splice(0));

  it.each([
    ['asked directly', '{ secret { code } }', ['FORBIDDEN at secret']],
    ['under an alias', '{ ok: secret { id: code } }', ['FORBIDDEN at ok']],
    ['through another parent', '{ open { secret { code } } }', ['FORBIDDEN at open.secret']],
    ['through an interface', '{ node { code } }', ['FORBIDDEN at node']],
    ['through a union', '{ search { ... on Secret { code } } }', ['FORBIDDEN at search.1']],
    ['in a named fragment', '{ secret { ...S } } fragment S on Secret { code }', ['FORBIDDEN at secret']],
    ['in a fragment on the interface', '{ search { ... on Node { code } } }', ['FORBIDDEN at search.1']],
    [
      'asked only for __typename',
      '{ secret { __typename } node { __typename } }',
      ['FORBIDDEN at secret', 'FORBIDDEN at node'],
    ],
    [
      'let in by a variable',
      'query ($on: Boolean = true) { secret @include(if: $on) { code } }',
      ['FORBIDDEN at secret'],
    ],
    ['behind the count of its rows', '{ secrets { totalCount } }', ['FORBIDDEN at secrets']],
    ['with the rule of the type met and its own not', '{ both { value } }', ['FORBIDDEN at both.value']],
  ])('%s', async (_how, query, refusals) => {
    const answer = await world.ask(aUser(), query);
    expect(answer.refusals).toEqual(refusals);
    expect(ran).toEqual([]);
  });

  it('with its own rule met and that of the type not', async () => {
    expect((await world.ask(anAdmin(), '{ both { value } }')).refusals).toEqual(['FORBIDDEN at both']);
  });

  it('that a mutation returns, before the mutation does anything', async () => {
    expect((await world.ask(aUser(), 'mutation { makeSecret { id } }')).refusals).toEqual(['FORBIDDEN at makeSecret']);
    expect(ran).toEqual([]);
  });
});

describe('@auth', () => {
  it('leaves the neighbours of a refused field alone', async () => {
    const { data } = await world.ask(aUser(), '{ ok open { title secret { id } } search { ... on Open { title } } }');
    expect(data).toEqual({ ok: true, open: { title: 'hello', secret: null }, search: [{ title: 'hello' }, null] });
  });

  it('answers whoever the rule lets through', async () => {
    const { data, refusals } = await world.ask(
      anAdmin(),
      '{ secret { code } node { code } search { ... on Secret { code } } }',
    );
    expect(refusals).toEqual([]);
    expect(data).toEqual({
      secret: { code: 'top secret' },
      node: { code: 'top secret' },
      search: [{}, { code: 'top secret' }],
    });
  });

  it('lets a stranger read what is public, and nothing beside it', async () => {
    const { data, refusals } = await world.ask(null, '{ ok open { title } }');
    expect(data).toEqual({ ok: true, open: null });
    expect(refusals).toEqual(['UNAUTHENTICATED at open']);
  });

  it('asks for a fresher sign-in where that is all that is missing', async () => {
    expect((await world.ask(aUser(), '{ fresh }')).refusals).toEqual(['STEP_UP_REQUIRED at fresh']);
    expect((await world.ask(aMachine(), '{ fresh }')).refusals).toEqual(['FORBIDDEN at fresh']);
  });

  it('names the whole sign-in that a field asks for, with what its type asks', async () => {
    const { refusals, errors } = await world.ask(aUser({ mfa: true }), '{ strong { fresh } }');
    expect(refusals).toEqual(['STEP_UP_REQUIRED at strong.fresh']);
    expect(errors[0]?.originalError).toMatchObject({ details: { maxAuthAgeSeconds: 30, mfa: true } });
  });

  it('leaves plain fields of a ruled type unwrapped', () => {
    const type = world.schema.getType('Open');
    expect(type && 'getFields' in type && type.getFields()['title']).toMatchObject({ resolve: undefined });
  });
});
