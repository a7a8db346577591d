import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { REGISTRY } from '../../../src/access/registry.ts';
import { clausesBeyond, toRule } from '../../../src/access/rule.ts';
import { buildSchema, loadTypeDefs } from '../../../src/graphql/schema.ts';
import { compile } from './fixtures.ts';

const ADMINS = '@auth(groups: ["Admins"])';
const PERSON = `type Person @auth { id: ID  name: String  email: String ${ADMINS} }
  type PersonConnection { nodes: [Person]  edges: [PersonEdge]  totalCount: Int }  type PersonEdge { node: Person }`;
const TEAM = `type Team @auth { id: ID  lead: Person }  ${PERSON}`;

describe('a list may not be found or ordered by a field its reader may not read', () => {
  it.each([
    ['named after it', `type Query { people(email: String): [Person] @auth } ${PERSON}`],
    ['named after it, of a page', `type Query { people(email: String): PersonConnection @auth } ${PERSON}`],
    ['of one row', `type Query { person(email: String!): Person @auth } ${PERSON}`],
    ['inside an input', `type Query { people(where: W): [Person] @auth } input W { email: String } ${PERSON}`],
    [
      'inside an input of an input',
      `type Query { people(where: W): [Person] @auth } ${PERSON}
      input W { and: [W!]  email: Match }  input Match { startsWith: String }`,
    ],
    [
      'of a page whose rows lie on its edges',
      `type Query { people(email: String): PConnection @auth } type PConnection { edges: [PEdge] }
      type PEdge { node: Person } ${PERSON}`,
    ],
    ['that orders', `type Query { people(by: By): [Person] @auth } enum By { EMAIL_DESC } ${PERSON}`],
    [
      'below the first level',
      `type Query { me: Me @auth } type Me @auth { people(email: String): [Person] } ${PERSON}`,
    ],
    ['that reaches it through another object', `type Query { teams(email: String): [Team] @auth } ${TEAM}`],
    ['of a union', `type Query { all(email: String): [Any] @auth } union Any = Team | Person ${TEAM}`],
    [
      'of an interface',
      `type Query { all(email: String): [N] @auth } interface N @auth { email: String ${ADMINS} }
      type P implements N @auth { email: String ${ADMINS} }`,
    ],
  ])('by an argument %s: it does not build', (_how, sdl) => {
    expect(() => compile(sdl)).toThrow(/\(.*:\): compares \w+\.email, ruled @auth\(groups: \["Admins"\]\); ask for it/);
  });

  it.each([
    ['that asks for the same', `type Query { people(email: String): [Person] ${ADMINS} } ${PERSON}`],
    ['by a field its reader may read', `type Query { people(name: String): [Person] @auth } ${PERSON}`],
    [
      'that is only paged',
      `type Query { people(first: Int, after: String, last: Int, before: String): PersonConnection @auth } ${PERSON}`,
    ],
    [
      'whose argument names the tenant',
      `type Query { people(of: ID): [Person] @auth @tenantScoped(argument: "of") } ${PERSON}`,
    ],
    ['by words that are named after no field', `type Query { people(search: String): [Person] @auth } ${PERSON}`],
    ['by a field of another object its reader may read', `type Query { teams(name: String): [Team] @auth } ${TEAM}`],
    [
      'whose argument names the tenant, which its reader may not read',
      `type Query { a(tenantId: ID): [A] @auth @tenantScoped(argument: "tenantId")
        b(where: W): [A] @auth @tenantScoped(argument: "where.tenantId") }
      input W { tenantId: ID } type A @auth { tenantId: ID ${ADMINS} }`,
    ],
    ['whose rows have a place', `type Query { a(first: Int): [A] @auth } type A @auth { first: Int ${ADMINS} }`],
    ['that may hold itself', `type Query { a(x: Int): APayload @auth } type APayload { a: APayload  x: Int }`],
    ['of rows that are closed as a whole', `type Query { a(x: String): [A] @auth } type A ${ADMINS} { x: Int }`],
    ['that is no list but a plain value', `type Query { isTaken(email: String): Boolean @auth } ${PERSON}`],
  ])('a field %s builds', (_which, sdl) => {
    expect(() => compile(sdl)).not.toThrow();
  });

  it('whatever the case and underscores of either name, which the refusal tells by its place', () => {
    const person = `type Person @auth { displayName: String ${ADMINS} }`;
    const sdl = `type Query { people(where: W): [Person] @auth } input W { by: By } enum By { DISPLAY_NAME_ASC } ${person}`;
    expect(() => compile(sdl)).toThrow('Query.people(where.by:): compares Person.displayName, ruled');
  });

  it('a mutation may take what it writes', () => {
    const sdl = `type Query { ok: Boolean @public } type Mutation { rename(email: String): Person @auth } ${PERSON}`;
    expect(() => compile(sdl)).not.toThrow();
  });

  // What `search` compares is in its description and not in its name.
  it.each([
    ['members', 'Membership', 'User', 'email'],
    ['users', 'User', 'User', 'email'],
    ['tenants', 'Tenant', 'Tenant', 'slug'],
  ])('%s(search:) compares what its reader may read', (list, row, type, value) => {
    const typeDefs = loadTypeDefs('schema').map(print);
    const { plan } = buildSchema({ typeDefs, resolvers: {}, registry: REGISTRY });
    const given = toRule([plan.field('Query', list), plan.type(row)].flatMap((access) => access?.rule.allOf ?? []));
    expect(clausesBeyond(plan.field(type, value).rule.allOf, given)).toEqual([]);
  });
});
