import { beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/store/scope.ts';
import { SYSTEM } from '../../../src/store/scope.ts';
import { stampRow } from '../../../src/store/stamp.ts';
import { ACME, anAdmin, aUser, GLOBEX } from '../access/fixtures.ts';
import { aWorld, createRecorder } from './world.ts';

const inTenant = (tenantId: string): Scope => ({ reach: 'TENANT', tenantId, userId: 'mia' });
const ofSelf = (userId: string): Scope => ({ reach: 'SELF', tenantId: null, userId });
const PLATFORM: Scope = { reach: 'PLATFORM', tenantId: null, userId: 'root' };

const aNote = (tenantId: string, scope?: Scope) => {
  const note = { __typename: 'Note', id: `note of ${tenantId}`, tenantId };
  return scope ? stampRow(note, scope) : note;
};

const aCallablePromise = (value: unknown) =>
  // biome-ignore lint/suspicious/noThenProperty: graphql-js awaits whatever has a `then`, functions too
  Object.assign(() => 0, { then: (give: (value: unknown) => void) => give(value) });

// Gives its value on, whatever its callback makes of it.
const aDeafThenable = (value: unknown) => ({
  // biome-ignore lint/suspicious/noThenProperty: graphql-js awaits whatever has a `then`
  then: (give: (value: unknown) => unknown) => {
    give(value);
    return Promise.resolve(value);
  },
});

async function* oneByOne(rows: readonly unknown[]) {
  yield* rows;
}

/** What every resolver returns, whatever it was asked for. */
let leaked: unknown;
const { ran, record } = createRecorder();

const SHARED_PAGE = Object.freeze({});

const world = aWorld(
  `
  type Query {
    note: Note @auth @tenantScoped
    notes: [Note] @auth @tenantScoped
    grid: [[Note]] @auth @tenantScoped
    strict: [Note!] @auth @tenantScoped
    page: NoteConnection @auth @tenantScoped
    plain: Note @auth
    own: Note @auth @tenantScoped(reach: SELF)
    ownPage: NoteConnection @auth @tenantScoped(reach: SELF)
    every: Note @auth @tenantScoped(reach: PLATFORM)
    everyPage: NoteConnection @auth @tenantScoped(reach: PLATFORM)
    found: Found @auth @tenantScoped
    everyFound: [Found] @auth @tenantScoped(reach: PLATFORM)
    me: Me @auth
    of(id: ID): Note @auth @tenantScoped(argument: "id", reach: PLATFORM)
  }
  type Note @tenantScoped { id: ID  tenantId: ID  next: Note }
  type NoteConnection { nodes: [Note]  edges: [NoteEdge]  pageInfo: PageInfo }
  type NoteEdge { node: Note  cursor: String }
  type PageInfo { more: Boolean }
  type Me @auth { note: Note  notes: [Note] @tenantScoped(reach: SELF) }
  union Found = Note | Me
`,
  {
    Query: {
      ...Object.fromEntries(
        ['note', 'notes', 'grid', 'strict', 'plain', 'own', 'every', 'found', 'everyFound'].map((name) => [
          name,
          () => leaked,
        ]),
      ),
      // One object for every page, as a resolver with a constant answer would have it.
      ...Object.fromEntries(['page', 'ownPage', 'everyPage'].map((name) => [name, () => SHARED_PAGE])),
      me: () => ({}),
      of: record('of', () => leaked),
    },
    NoteConnection: { nodes: () => [leaked], edges: () => [{}] },
    NoteEdge: { node: async () => leaked },
    Note: { next: () => leaked },
    Me: { note: () => leaked, notes: () => [leaked] },
  },
);

const refusalsOf = async (query: string, row: unknown, caller = aUser()) => {
  leaked = row;
  return (await world.ask(caller, query)).refusals;
};

describe('@tenantScoped holds back a row of another tenant', () => {
  it.each([
    ['from a field', '{ note { id } }', 'note'],
    ['from a field without the directive', '{ plain { id } }', 'plain'],
    ['below a row of the own tenant', '{ me { note { id } } }', 'me.note'],
    ['from a union', '{ found { ... on Note { id } } }', 'found'],
    ['asked only for __typename', '{ note { __typename } }', 'note'],
  ])('%s', async (_where, query, path) => {
    expect(await refusalsOf(query, aNote(GLOBEX))).toEqual([`NOT_FOUND at ${path}`]);
  });

  it.each([
    ['a promise', Promise.resolve(aNote(GLOBEX))],
    ['a function that is a promise', aCallablePromise(aNote(GLOBEX))],
    ['a thenable that does not hand on what is made of its value', aDeafThenable(aNote(GLOBEX))],
    ['a promise of a thenable', Promise.resolve(aDeafThenable(aNote(GLOBEX)))],
  ])('behind %s', async (_what, row) => {
    expect(await refusalsOf('{ note { id } }', row)).toEqual(['NOT_FOUND at note']);
  });

  it.each([
    ['an array', [aNote(ACME), aNote(GLOBEX), null]],
    ['an array of promises', [Promise.resolve(aNote(ACME)), Promise.resolve(aNote(GLOBEX)), null]],
    ['a set', new Set([aNote(ACME), aNote(GLOBEX), null])],
    ['a function that is a promise of an array', aCallablePromise([aNote(ACME), aNote(GLOBEX), null])],
    ['a promised array', Promise.resolve([aNote(ACME), aNote(GLOBEX), null])],
  ])('at its position in %s, and only there', async (_what, rows) => {
    leaked = rows;
    const { data, refusals } = await world.ask(aUser(), '{ notes { tenantId } }');
    expect(data).toEqual({ notes: [{ tenantId: ACME }, null, null] });
    expect(refusals).toEqual(['NOT_FOUND at notes.1']);
  });

  it.each([
    ['a generator', () => [aNote(ACME), aNote(GLOBEX)].values()],
    ['a thenable that does not hand on what is made of it', () => aDeafThenable([aNote(ACME), aNote(GLOBEX)])],
    ['a list of thenables', () => [aNote(ACME), aDeafThenable(aNote(GLOBEX))]],
    ['a list with an error in it', () => [new Error('held back'), aNote(GLOBEX)]],
  ])('in %s', async (_what, rows) => {
    leaked = rows();
    const { data, refusals } = await world.ask(aUser(), '{ notes { id tenantId } }');
    expect(JSON.stringify(data)).not.toContain(GLOBEX);
    expect(refusals).toContain('NOT_FOUND at notes.1');
  });

  it.each([
    ['rows that come one by one', () => oneByOne([aNote(GLOBEX)])],
    ['a promise of them', async () => oneByOne([aNote(GLOBEX)])],
    ['a single row', () => aNote(GLOBEX)],
    ['something like a list', () => ({ length: 1, 0: aNote(GLOBEX) })],
  ])('where a list is due and %s come instead', async (_what, rows) => {
    leaked = rows();
    const { data, refusals } = await world.ask(aUser(), '{ notes { id } }');
    expect({ data, refusals }).toEqual({ data: { notes: null }, refusals: ['NOT_FOUND at notes'] });
  });

  it('with its list, where the list may not have a gap', async () => {
    leaked = [aNote(ACME), aNote(GLOBEX)];
    const { data, refusals } = await world.ask(aUser(), '{ strict { id } }');
    expect({ data, refusals }).toEqual({ data: { strict: null }, refusals: ['NOT_FOUND at strict.1'] });
  });

  it('in a list of lists', async () => {
    expect(await refusalsOf('{ grid { id } }', [[aNote(ACME)], [aNote(GLOBEX)]])).toEqual(['NOT_FOUND at grid.1.0']);
  });

  it('with one text for every such row, and the reason in the log alone', async () => {
    leaked = aNote(GLOBEX);
    const { errors, lines } = await world.ask(aUser(), '{ note { id } }');
    expect(errors.map(({ message }) => message)).toEqual(['There is nothing here by that id.']);
    const refusal = { field: 'Query.note', code: 'NOT_FOUND', rule: '@tenantScoped(field: "tenantId")' };
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'refused', ...refusal, reason: expect.stringContaining(GLOBEX) },
    ]);
  });
});

describe('@tenantScoped holds back a row without an owner, and logs an error', () => {
  it.each([
    ['missing', { id: '1' }],
    ['null', { id: '1', tenantId: null }],
    ['empty', { id: '1', tenantId: '' }],
    ['no text', { id: '1', tenantId: [ACME] }],
    ['inherited', Object.create({ tenantId: ACME })],
    ['that of a prototype in JSON', JSON.parse(`{ "__proto__": { "tenantId": "${ACME}" } }`)],
    ['in a list where one row is due', [aNote(ACME)]],
  ])('that is %s', async (_how, row) => {
    leaked = row;
    const { refusals, lines } = await world.ask(aUser(), '{ note { id } }');
    expect(refusals).toEqual(['NOT_FOUND at note']);
    expect(lines).toMatchObject([
      { level: 'error', net: 'row', reason: expect.stringContaining('has no tenantId of its own') },
    ]);
  });

  it('that is missing for the caller too who has no tenant', async () => {
    const stranger = aUser({ tenantId: null });
    expect(await refusalsOf('{ plain { id } }', { id: '1', tenantId: null }, stranger)).toEqual(['NOT_FOUND at plain']);
  });
});

describe('a row passes', () => {
  it.each([
    ["of the caller's tenant", '{ note { id } }', aNote(ACME), aUser()],
    ["of the caller's tenant, read under it", '{ note { id } }', aNote(ACME, inTenant(ACME)), aUser()],
    [
      'of the caller, read under SELF where the field says SELF',
      '{ own { id } }',
      aNote(GLOBEX, ofSelf('mia')),
      aUser(),
    ],
    [
      'of the caller, read under SELF where the field says PLATFORM',
      '{ every { id } }',
      aNote(GLOBEX, ofSelf('mia')),
      aUser(),
    ],
    [
      'of the caller below a SELF field',
      '{ me { notes { next { id } } } }',
      aNote(GLOBEX, ofSelf('mia')),
      aUser({ tenantId: null }),
    ],
    ['of any tenant, for staff under PLATFORM', '{ every { next { id } } }', aNote(GLOBEX, PLATFORM), anAdmin()],
    [
      'of any tenant, for staff, in a page',
      '{ everyPage { edges { node { id } } nodes { id } } }',
      aNote(GLOBEX, PLATFORM),
      anAdmin(),
    ],
    [
      'of any tenant, for staff, from a union',
      '{ everyFound { ... on Note { id } } }',
      [aNote(GLOBEX, PLATFORM)],
      anAdmin(),
    ],
    ['of the caller, in a page read under SELF', '{ ownPage { nodes { id } } }', aNote(GLOBEX, ofSelf('mia')), aUser()],
  ])('%s', async (_which, query, row, caller) => {
    expect(await refusalsOf(query, row, caller)).toEqual([]);
  });
});

describe('a stamp in the wrong place is held back', () => {
  it.each([
    ['TENANT of another tenant on a row that claims ours', '{ note { id } }', aNote(ACME, inTenant(GLOBEX)), aUser()],
    ['SELF where the field says TENANT', '{ note { id } }', aNote(ACME, ofSelf('mia')), aUser()],
    ['SELF of another user', '{ own { id } }', aNote(ACME, ofSelf('gina')), aUser()],
    [
      'PLATFORM where the field says TENANT, for staff',
      '{ plain { id } }',
      aNote(ACME, PLATFORM),
      anAdmin({ tenantId: ACME }),
    ],
    ['PLATFORM where the field says SELF, for staff', '{ own { id } }', aNote(ACME, PLATFORM), anAdmin()],
    ['PLATFORM for anyone but staff', '{ every { id } }', aNote(ACME, PLATFORM), aUser()],
    ['SYSTEM for anyone', '{ every { id } }', aNote(ACME, SYSTEM), anAdmin({ tenantId: ACME })],
    [
      'PLATFORM below a row read under TENANT',
      '{ me { note { id } } }',
      aNote(ACME, PLATFORM),
      anAdmin({ tenantId: ACME }),
    ],
    ['none on a foreign row, for staff under PLATFORM', '{ every { id } }', aNote(GLOBEX), anAdmin()],
  ])('%s', async (_which, query, row, caller) => {
    expect(await refusalsOf(query, row, caller)).toEqual([expect.stringMatching(/^NOT_FOUND at /)]);
  });

  it('PLATFORM on one row object that fields of either reach return', async () => {
    const query = '{ every { id } plain { id } again: every { next { id } } }';
    const shared = aNote(ACME, PLATFORM);
    expect(await refusalsOf(query, shared, anAdmin({ tenantId: ACME }))).toEqual(['NOT_FOUND at plain']);
  });

  it('PLATFORM in a page whose field says TENANT, beside one where it says PLATFORM', async () => {
    const query = '{ everyPage { nodes { id } } page { nodes { id } } }';
    const shared = aNote(ACME, PLATFORM);
    expect(await refusalsOf(query, shared, anAdmin({ tenantId: ACME }))).toEqual(['NOT_FOUND at page.nodes.0']);
  });
});

describe('@tenantScoped(argument:)', () => {
  beforeEach(() => void ran.splice(0));

  it("answers NOT_FOUND for another tenant's id, and the resolver never runs", async () => {
    expect(await refusalsOf(`{ of(id: "${GLOBEX}") { id } }`, aNote(ACME))).toEqual(['NOT_FOUND at of']);
    expect(ran).toEqual([]);
  });

  it('answers for the own tenant, named or not', async () => {
    expect(await refusalsOf(`{ of(id: "${ACME}") { id } a: of { id } }`, aNote(ACME))).toEqual([]);
  });

  it('judges each alias by its own argument', async () => {
    const query = `{ own: of(id: "${ACME}") { id } other: of(id: "${GLOBEX}") { id } }`;
    expect(await refusalsOf(query, aNote(ACME))).toEqual(['NOT_FOUND at other']);
    expect(ran).toEqual(['of']);
  });

  it('leaves no room for two arguments under one name: the document is not valid', async () => {
    const query = `{ of(id: "${ACME}") { id } of(id: "${GLOBEX}") { id } }`;
    await expect(refusalsOf(query, aNote(ACME))).rejects.toThrow('they have differing arguments');
  });

  it('answers staff for any tenant', async () => {
    expect(await refusalsOf(`{ of(id: "${GLOBEX}") { id } }`, aNote(GLOBEX, PLATFORM), anAdmin())).toEqual([]);
  });

  it('answers TENANT_REQUIRED where neither token nor argument names one', async () => {
    expect(await refusalsOf('{ of { id } }', aNote(ACME), aUser({ tenantId: null }))).toEqual([
      'TENANT_REQUIRED at of',
    ]);
    expect(ran).toEqual([]);
  });
});
