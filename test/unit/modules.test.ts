import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projects } from '../../examples/projects/index.ts';
import { defineVerb, type Verb } from '../../src/domain/verb.ts';
import { byId, type LoaderDefinitions } from '../../src/graphql/loaders.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { joinModules } from '../../src/modules/join-modules.ts';
import { loadModules } from '../../src/modules/load-modules.ts';
import { defineModule, type Module, type ModuleDefinition } from '../../src/modules/module.ts';

const SDL = `
extend type Query { notes: [Note] @auth @tenantScoped }
extend type Mutation { addNote(input: AddNoteInput!): AddNotePayload @auth(scopes: ["notes/write"]) @tenantScoped }
type Note @tenantScoped { id: ID! tenantId: ID! }
type AddNotePayload { note: Note }
input AddNoteInput { text: String! }`;

const addNote: Verb = defineVerb({
  action: 'note.add',
  allows: () => true,
  input: z.object({}),
  change: async () => ({ targetType: 'Note', targetId: '' }),
  answer: async () => ({ note: null }),
});
const notes = () => [];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tenantry-modules-'));
});
afterAll(() => rm(root, { recursive: true }));

let count = 0;
/** A module as its author would write it, but for what a test takes away or adds. */
function aModule(change: Partial<ModuleDefinition<LoaderDefinitions>> = {}, sdl: string | null = SDL): Module {
  const folder = join(root, String(count++));
  mkdirSync(join(folder, 'migrations'), { recursive: true });
  if (sdl !== null) writeFileSync(join(folder, 'notes.graphql'), sdl);
  const whole = { name: 'notes', folder, scopes: ['notes/write'], verbs: { addNote }, resolvers: { Query: { notes } } };
  return defineModule({ ...whole, ...change });
}

const build = (...modules: Module[]) => buildSchema(joinModules(modules).schema);

describe('a module', () => {
  it('joins its fields, rules and scopes to those of Tenantry', () => {
    const { plan } = build(aModule());
    expect(plan.field('Mutation', 'addNote').rule.text).toBe('@auth(scopes: ["notes/write"])');
    expect(plan.field('Note', 'id').rule.text).toBe('@auth');
    expect(plan.type('Note')?.ownerField).toBe('tenantId');
  });

  it('stands beside another', () => {
    const { plan } = build(aModule(), projects);
    expect([plan.type('Note')?.name, plan.type('Project')?.name]).toEqual(['Note', 'Project']);
  });

  it('leaves everything else as it is', () => {
    const rulesOf = (plan: ReturnType<typeof build>['plan']) =>
      plan.fields.map(({ coordinate, rule }) => [coordinate, rule.text]);
    const ours = rulesOf(build().plan);
    expect(rulesOf(build(aModule()).plan)).toEqual(expect.arrayContaining(ours));
  });
});

const REFUSED: [string, () => Module, RegExp][] = [
  [
    'a verb that is a function of its own, held to nothing',
    () => aModule({ verbs: { addNote: async () => ({ note: null }) } }),
    /Mutation\.addNote has no verb; write verbs: \{ addNote: defineVerb\(\{ … \}\) \}/,
  ],
  [
    'SDL that cannot be read, with the line it is on',
    () => aModule({}, `${SDL}\ntype Broken {`),
    /The SDL is not valid: \S+notes\.graphql:7: Syntax Error/,
  ],
  [
    'a query without a rule',
    () => aModule({}, SDL.replace('[Note] @auth @tenantScoped', '[Note] @tenantScoped')),
    /Query\.notes: has no rule; write @auth, or @public to open it to everyone/,
  ],
  [
    'a type without a rule',
    () => aModule({}, SDL.replace('type Note @tenantScoped', 'type Note')),
    /Note: has no rule; write @auth or @tenantScoped on the type/,
  ],
  [
    'a scope nobody registered',
    () => aModule({ scopes: [] }),
    /Mutation\.addNote: @auth\(scopes:\) names "notes\/write", which is unknown/,
  ],
  [
    'a rule added to a type of ours',
    () => aModule({}, `${SDL} extend type Tenant @auth(groups: ["Users"])`),
    /Tenant: @auth is added by extend; write it where the type is defined/,
  ],
  [
    'a definition of a type of ours',
    () => aModule({}, `${SDL} type Tenant @auth { id: ID! }`),
    /The SDL is not valid: There can be only one type named "Tenant"/,
  ],
  [
    'a definition of a field of ours',
    () =>
      aModule(
        { resolvers: { Query: { notes, members: notes } } },
        SDL.replace('{ notes', '{ members: [Note] @auth notes'),
      ),
    /The SDL is not valid: Field "Query\.members" can only be defined once/,
  ],
  [
    'a directive of its own',
    () => aModule({}, `directive @open on FIELD_DEFINITION ${SDL}`),
    /@open: is enforced by nothing/,
  ],
  [
    'a query that nothing resolves',
    () => aModule({ resolvers: {} }),
    /notes: Query\.notes has no resolver; write resolvers: { Query: { notes: … } }/,
  ],
  [
    'a link that nothing follows',
    () => aModule({}, SDL.replace('tenantId: ID!', 'tenantId: ID! author: Membership')),
    /notes: Note\.author has no resolver; write resolvers: { Note: { author: … } }/,
  ],
  [
    'a link from a type of ours that nothing follows',
    () => aModule({}, `${SDL} extend type User { notes: [Note] }`),
    /notes: User\.notes has no resolver; write resolvers: { User: { notes: … } }/,
  ],
  [
    'a page without its resolvers',
    () => aModule({}, `${SDL} type NoteConnection { nodes: [Note]! totalCount: Int! }`),
    /notes: NoteConnection\.totalCount has no resolver; write NoteConnection: connection\(\)/,
  ],
  [
    'a mutation without a verb',
    () => aModule({ verbs: {} }),
    /notes: Mutation\.addNote has no verb; write verbs: { addNote: defineVerb\({ … }\) }/,
  ],
  [
    'a mutation that takes more than its input',
    () => aModule({}, SDL.replace('AddNoteInput!)', 'AddNoteInput!, tenantId: ID)')),
    /notes: Mutation\.addNote must take one argument, input: write addNote\(input: …Input!\)/,
  ],
  [
    'a mutation resolved past its verb',
    () => aModule({ resolvers: { Query: { notes }, Mutation: { addNote: () => null } } }),
    /notes: Mutation\.addNote is a resolver; make it a verb, which is audited/,
  ],
  [
    'a verb that is no mutation',
    () => aModule({ verbs: { addNote, burnNote: addNote } }),
    /notes: the verb burnNote is no mutation of its SDL/,
  ],
  [
    'a resolver of a field of ours',
    () => aModule({ resolvers: { Query: { notes, members: notes } } }),
    /notes: Query\.members is not the module's own; resolve fields that its SDL defines/,
  ],
  [
    'a resolver of how a type of ours is told',
    () => aModule({ resolvers: { Query: { notes }, Tenant: { __isTypeOf: () => true } } }),
    /notes: Tenant\.__isTypeOf is not the module's own/,
  ],
  ['a folder without SDL', () => aModule({ verbs: {}, resolvers: {} }, null), /notes: .* holds no \*\.graphql/],
  [
    'a folder without migrations',
    () => ({ ...aModule(), folder: join(import.meta.dirname, '..', '..', 'schema') }),
    /has no migrations\/; write its tables in migrations\/<14 digits>_<word>\/migration\.sql/,
  ],
  ['a name that is none', () => aModule({ name: 'My notes' }), /"My notes" is no name for a module/],
  ['a group of ours', () => aModule({ groups: ['Admins'] }), /the group Admins is there already/],
  [
    'a group that reads like a role',
    () => aModule({ groups: ['tenant-owners'] }),
    /the group tenant-owners reads like a role of a tenant/,
  ],
  [
    'a scope of ours',
    () => aModule({ scopes: ['tenantry/members.read'] }),
    /the scope tenantry\/members\.read is there already/,
  ],
  [
    'a scope that passes for ours',
    () => aModule({ scopes: ['tenantry/all'] }),
    /must read <resource server>\/<what>, and not begin/,
  ],
  [
    'a scope of another form',
    () => aModule({ scopes: ['notes'] }),
    /the scope notes must read <resource server>\/<what>/,
  ],
  [
    'a loader of ours',
    () => aModule({ loaders: { tenant: byId(async () => []) } }),
    /the loader tenant is there already; give it another name/,
  ],
];

describe('what is refused at start, with a line that says what to write', () => {
  it.each(REFUSED)('%s', (_what, toModule, line) => {
    expect(() => build(toModule())).toThrow(
      expect.objectContaining({ name: 'StartupError', message: expect.stringMatching(line) }),
    );
  });

  it('two modules of one name', () => {
    expect(() => build(aModule(), aModule())).toThrow(/the module notes is there already/);
  });

  it('every problem at once', () => {
    expect(() => build(aModule({ verbs: {}, resolvers: {}, scopes: ['notes'] }))).toThrow(
      /no resolver.*no verb.*must read <resource server>/s,
    );
  });
});

describe('a part left out', () => {
  it.each([
    [
      'of a verb',
      () => defineVerb({ action: 'note.add' } as never),
      'defineVerb of note.add lacks allows (function), input (object), change (function), answer (function); write it',
    ],
    [
      'of a module',
      () => defineModule({ name: 'notes', resolvers: {} } as never),
      "defineModule lacks name, folder or resolvers; write name: '…', folder: import.meta.dirname, resolvers: { … }",
    ],
    [
      'of a list',
      () => defineModule({ name: 'notes', folder: '', resolvers: {}, scopes: 'notes/read' } as never),
      "defineModule of notes: groups and scopes are lists; write scopes: ['notes/read']",
    ],
  ])('%s is named', (_what, define, message) => {
    expect(define).toThrow(expect.objectContaining({ name: 'StartupError', message }));
  });
});

describe('MODULES', () => {
  it('names folders and files', async () => {
    expect(await loadModules(['examples/projects', 'examples/projects/index.ts'])).toEqual([projects]);
  });

  it.each([
    ['a folder that is not there', 'examples/nowhere', 'MODULES names examples/nowhere, which does not exist.'],
    ['a file without a module', 'examples/projects/reads.ts', /which exports no module: export what defineModule/],
    ['a folder without an index', 'examples/projects/migrations', /which cannot be loaded: .*index\.ts/],
  ])('may not name %s', async (_what, path, message) => {
    await expect(loadModules([path])).rejects.toMatchObject({
      name: 'StartupError',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});
