import { buildASTSchema, concatAST, parse, Source } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import { loadTypeDefs } from '../../../src/graphql/schema.ts';
import { compile, DIRECTIVES } from './fixtures.ts';

const SDL = `type Query {
  ok: Boolean @public
  notes: NoteConnection @auth(groups: ["TenantMembers"])
    @auth(scopes: ["tenantry/members.read"])
    @tenantScoped
  found: [Found] @auth
}
type NoteConnection { nodes: [Note]! totalCount: Int! }
type Note
  @tenantScoped
  @auth(groups: ["TenantMembers"]) {
  tenantId: ID!
  text: String @auth(mfa: true, maxAuthAgeSeconds: 60)
}
type Secret @auth(groups: ["Admins"]) { id: ID }
union Found = Note | Secret`;

const compileFrom = (sdl: string) =>
  compilePlan(buildASTSchema(concatAST([parse(DIRECTIVES), parse(new Source(sdl, 'schema/note.graphql'))])), REGISTRY);

const plan = compileFrom(SDL);
const written = (typeName: string, fieldName: string) =>
  plan.field(typeName, fieldName).sources.map(({ rule, coordinate, at }) => `${rule} on ${coordinate} at ${at}`);

const NOTE = [
  '@auth(groups: ["TenantMembers"]) on Note at schema/note.graphql:11',
  '@tenantScoped(field: "tenantId") on Note at schema/note.graphql:10',
];

describe('a plan says where it is written that', () => {
  it('a field is open', () => {
    expect(written('Query', 'ok')).toEqual(['@public on Query.ok at schema/note.graphql:2']);
  });

  it('a field asks for what its own directives and the rows of its page ask', () => {
    expect(written('Query', 'notes')).toEqual([
      '@auth(groups: ["TenantMembers"]) | @auth(scopes: ["tenantry/members.read"]) on Query.notes at schema/note.graphql:3',
      '@tenantScoped(reach: TENANT) on Query.notes at schema/note.graphql:5',
      ...NOTE,
    ]);
  });

  it('a field asks for what its type and itself ask', () => {
    expect(written('Note', 'text')).toEqual([
      ...NOTE,
      '@auth(maxAuthAgeSeconds: 60, mfa: true) on Note.text at schema/note.graphql:13',
    ]);
  });

  it('a page is counted under the rule of its rows', () => {
    expect(written('NoteConnection', 'totalCount')).toEqual(NOTE);
    expect(plan.type('NoteConnection')?.sources).toEqual(plan.type('Note')?.sources);
  });

  it('a field of several types asks for no more than what all of them ask', () => {
    expect(written('Query', 'found')).toEqual(['@auth on Query.found at schema/note.graphql:6']);
  });

  it('each part of a rule stands, in a file that is there', () => {
    const real = compilePlan(buildASTSchema(concatAST([...loadTypeDefs('schema')])), REGISTRY);
    const silent = real.fields.filter(({ rule, sources }) => rule.allOf.length > 0 !== sources.length > 0);
    expect(silent.filter(({ sources }) => !sources.every(({ rule }) => rule === '@public'))).toEqual([]);
    const places = real.fields.flatMap(({ sources }) => sources.map(({ at }) => at));
    expect(places.filter((place) => !/^schema\/[a-z-]+\.graphql:\d+$/.test(place))).toEqual([]);
  });

  it('it stands in a document without positions, were it one', () => {
    const schema = buildASTSchema(parse(`${DIRECTIVES} type Query { a: Int @auth }`, { noLocation: true }));
    const [source] = compilePlan(schema, REGISTRY).field('Query', 'a').sources;
    expect(source?.at).toBe('a document without positions');
  });
});

describe('a plan prints', () => {
  it('as JSON that holds every field and type, with its rule', () => {
    const printed = JSON.parse(JSON.stringify(plan));
    expect(printed.fields.map(({ coordinate }: { coordinate: string }) => coordinate)).toContain('Note.text');
    expect(printed.types.find(({ name }: { name: string }) => name === 'Secret').rule.text).toBe(
      '@auth(groups: ["Admins"])',
    );
  });

  it('the fields of a type apart, and none for a name that is no object type', () => {
    expect(plan.fieldsOf('Note').map(({ coordinate }) => coordinate)).toEqual(['Note.tenantId', 'Note.text']);
    expect([...plan.fieldsOf('Found'), ...plan.fieldsOf('constructor')]).toEqual([]);
  });
});

/** Everything an object leads to, itself included. */
function reachable(value: unknown, found: Set<object> = new Set()): ReadonlySet<object> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || found.has(value)) return found;
  found.add(value);
  for (const key of Reflect.ownKeys(value)) reachable(Reflect.get(value, key), found);
  return found;
}

describe('a plan never changes', () => {
  const sdl = `type Query { a(input: I): Int
      @auth(groups: ["Users"], scopes: ["tenantry/members.read"], callers: [USER], maxAuthAgeSeconds: 9, mfa: true)
      @tenantScoped(argument: "input.tenantId", reach: PLATFORM) }
    input I { tenantId: ID }`;
  it('at anything it leads to, down to the last list and condition', () => {
    const parts = [...reachable(compile(sdl)), ...reachable(plan)];
    expect(parts).toContainEqual(['tenantry/members.read']);
    const takes = (part: object) => [...Reflect.ownKeys(part), 'planted'].some((key) => Reflect.set(part, key, null));
    expect(parts.filter(takes)).toEqual([]);
  });

  it('when the schema it was compiled from does', () => {
    const schema = buildASTSchema(parse(`${DIRECTIVES} type Query { a: Int @auth(groups: ["Admins"]) }`));
    const compiled = compilePlan(schema, REGISTRY);
    const field = schema.getQueryType()?.getFields()['a'];
    if (field) field.astNode = undefined;
    expect(compiled.field('Query', 'a').rule.text).toBe('@auth(groups: ["Admins"])');
  });
});
