import { GraphQLID, GraphQLObjectType, GraphQLString } from 'graphql';
import { describe, expect, it } from 'vitest';
import { REGISTRY, type Registry } from '../../../src/access/registry.ts';
import { StartupError } from '../../../src/errors.ts';
import { buildSchema, type SchemaParts } from '../../../src/graphql/schema.ts';
import { DIRECTIVES } from '../../unit/access/fixtures.ts';

const QUERY = 'type Query { ok: Boolean @public }';
const LINK = 'directive @link(url: String, import: [Import]) on SCHEMA  scalar Import';
const IMPORT = 'extend schema @link(url: "tenantry", import: [{ name: "@auth", as: "@guard" }])';
const GUARD = 'directive @guard(groups: [String!]) on OBJECT | FIELD_DEFINITION';
const GUARDED = 'type Query { secret: Int @guard(groups: ["Admins"]) }';

const build = (sdl: string, registry: Registry = REGISTRY, directives = DIRECTIVES) =>
  buildSchema({ typeDefs: [directives, sdl], resolvers: {}, registry });

describe('CVE-2025-64347 (Apollo Router): rules under another name than the expected one were taken for no rules', () => {
  it.each([
    ['imported under another name', `${IMPORT} ${GUARDED}`, 'Unknown directive "@link"'],
    ['of another name, never defined', GUARDED, 'Unknown directive "@guard"'],
    ['of another name, defined', `${GUARD} ${GUARDED}`, '@guard: is enforced by nothing'],
    ['imported, with everything defined', `${LINK} ${GUARD} ${IMPORT} ${GUARDED}`, '@guard: is enforced by nothing'],
    ['in other letters', 'type Query { secret: Int @Auth }', 'Unknown directive "@Auth"'],
  ])('a directive %s does not build', (_how, sdl, problem) => {
    expect(() => build(sdl)).toThrow(StartupError);
    expect(() => build(sdl)).toThrow(problem);
  });

  it("a directive that a team's own code obeys is no rule: the field still needs one", () => {
    const registry = { ...REGISTRY, directives: ['guard'] };
    expect(() => build(`${GUARD} ${GUARDED}`, registry)).toThrow('Query.secret: has no rule; write @auth');
  });

  it.each([
    ['names an argument otherwise', 'maxAuthAgeSeconds: Int', 'maxAge: Int'],
    ['stands in one more place', 'repeatable on OBJECT', 'repeatable on ARGUMENT_DEFINITION | OBJECT'],
    ['stands in one place less', 'on OBJECT | INTERFACE | FIELD_DEFINITION', 'on OBJECT | FIELD_DEFINITION'],
    ['stands once where ours may be repeated', ' repeatable on', ' on'],
  ])('a definition that %s does not build', (_how, from, to) => {
    const changed = DIRECTIVES.replace(from, to);
    expect(changed).not.toBe(DIRECTIVES);
    expect(() => build(QUERY, REGISTRY, changed)).toThrow('use schema/directives.graphql as it stands');
  });

  it('a definition cannot be extended', () => {
    expect(() => build(`${QUERY} extend directive @auth on ARGUMENT_DEFINITION`)).toThrow('The SDL is not valid');
  });
});

describe('a rule where nothing would read it does not build', () => {
  it.each([
    ['on an argument', 'type Query { a(x: Int @auth): Int @auth }'],
    ['on an argument of a directive', `directive @cost(x: Int @auth) on FIELD ${QUERY}`],
    ['on an input', `${QUERY} input I @auth { x: Int }`],
    ['on an input field', `${QUERY} input I { x: Int @tenantScoped }`],
    ['on an enum', `${QUERY} enum E @auth { A }`],
    ['on an enum value', `${QUERY} enum E { A @auth }`],
    ['on a scalar', `${QUERY} scalar S @auth`],
    ['on a union', `${QUERY} type A @auth { x: Int } union U @auth = A`],
    ['on the schema', `schema @auth { query: Query } ${QUERY}`],
    ['on an interface, if it is @tenantScoped', `${QUERY} interface N @tenantScoped { tenantId: ID }`],
    ['on a type, if it is @public', `${QUERY} type A @public { x: Int }`],
    ['in an extension of an input', `${QUERY} input I { x: Int } extend input I { y: Int @auth }`],
    ['in an extension of an enum', `${QUERY} enum E { A } extend enum E { B @auth }`],
    ['in an extension of a scalar', `${QUERY} scalar S extend scalar S @auth`],
    ['in an extension of a union', `${QUERY} type A @auth { x: Int } union U = A extend union U @auth`],
    ['in an extension of the schema', `${QUERY} extend schema @auth`],
  ])('%s', (_where, sdl) => {
    expect(() => build(sdl)).toThrow(/may not be used on/);
  });

  it.each([
    ['of a type', `${QUERY} type A { x: Int } extend type A @auth`, 'A: @auth is added by extend'],
    ['of an interface', `${QUERY} interface N { x: Int } extend interface N @auth`, 'N: @auth is added by extend'],
    ['of a root', 'type Query { a: Int @auth } extend type Query @auth(mfa: true)', 'Query: @auth is added by extend'],
  ])('in an extension %s', (_what, sdl, problem) => {
    expect(() => build(sdl)).toThrow(problem);
  });
});

describe('a map of resolvers', () => {
  const Secret = new GraphQLObjectType({ name: 'Secret', fields: { code: { type: GraphQLString } } });
  const resolve = () => ({ code: 'top secret' });
  const SDL = 'type Query { a(id: ID): Int @auth } type Secret @auth(groups: ["Admins"]) { code: String }';
  const buildWith = (resolvers: object) =>
    buildSchema({ typeDefs: [DIRECTIVES, SDL], resolvers: toResolvers(resolvers), registry: REGISTRY });

  it.each([
    ['another type to a field', { Query: { a: { resolve, type: Secret } } }, 'Query.a changed type from Int to Secret'],
    [
      'an argument to a field',
      { Query: { a: { resolve, args: { id: { type: GraphQLID }, tenantId: { type: GraphQLID } } } } },
      'Query.a arg tenantId was removed',
    ],
    ['a field to a type', { Query: { leak: resolve } }, 'Query.leak defined in resolvers, but not in schema'],
    ['a type to the schema', { Leak: { a: resolve } }, '"Leak" defined in resolvers, but not in schema'],
  ])('cannot bring %s', (_what, resolvers, problem) => {
    expect(() => buildWith(resolvers)).toThrow(problem);
  });

  it('can bring functions, and documents that nobody reads', () => {
    const noise = { astNode: undefined, extensionASTNodes: [], extensions: { directives: { public: {} } } };
    const { plan } = buildWith({ Query: { a: { resolve, ...noise } }, Secret: { code: { resolve, ...noise } } });
    expect(plan.field('Secret', 'code').rule.text).toBe('@auth(groups: ["Admins"])');
  });
});

// What no map of resolvers should hold, as it would come from code that nobody type-checked.
function toResolvers(map: object): SchemaParts['resolvers'] {
  return map as SchemaParts['resolvers'];
}
