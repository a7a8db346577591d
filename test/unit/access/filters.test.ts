import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { REGISTRY } from '../../../src/access/registry.ts';
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
    ['named after nothing', `type Query { people(search: String): PersonConnection @auth } ${PERSON}`],
    ['of one row', `type Query { person(email: String!): Person @auth } ${PERSON}`],
    ['inside an input', `type Query { people(where: W): [Person] @auth } input W { email: String } ${PERSON}`],
    [
      'inside an input of an input',
      `type Query { people(where: W): [Person] @auth } ${PERSON}
      input W { and: [W!]  email: Match }  input Match { startsWith: String }`,
    ],
    ['that orders', `type Query { people(by: By): [Person] @auth } enum By { EMAIL } ${PERSON}`],
    [
      'below the first level',
      `type Query { me: Me @auth } type Me @auth { people(search: String): [Person] } ${PERSON}`,
    ],
    ['that reaches it through another object', `type Query { teams(search: String): [Team] @auth } ${TEAM}`],
    ['of a union', `type Query { all(search: String): [Any] @auth } union Any = Team | Person ${TEAM}`],
    [
      'of an interface',
      `type Query { all(email: String): [N] @auth } interface N @auth { email: String ${ADMINS} }
      type P implements N @auth { email: String ${ADMINS} }`,
    ],
  ])('by an argument %s: it does not build', (_how, sdl) => {
    expect(() => compile(sdl)).toThrow(
      /\(.*:\): may compare \w+\.email, ruled @auth\(groups: \["Admins"\]\); ask for it/,
    );
  });

  it.each([
    ['that asks for the same', `type Query { people(search: String): [Person] ${ADMINS} } ${PERSON}`],
    ['by a field its reader may read', `type Query { people(name: String): [Person] @auth } ${PERSON}`],
    [
      'that is only paged',
      `type Query { people(first: Int, after: String, last: Int, before: String): PersonConnection @auth } ${PERSON}`,
    ],
    [
      'whose argument names the tenant',
      `type Query { people(of: ID): [Person] @auth @tenantScoped(argument: "of") } ${PERSON}`,
    ],
    ['of rows that are closed as a whole', `type Query { a(search: String): [A] @auth } type A ${ADMINS} { x: Int }`],
    ['that is no list but a plain value', `type Query { isTaken(email: String): Boolean @auth } ${PERSON}`],
  ])('a field %s builds', (_which, sdl) => {
    expect(() => compile(sdl)).not.toThrow();
  });

  it('a mutation may take what it writes', () => {
    const sdl = `type Query { ok: Boolean @public } type Mutation { rename(email: String): Person @auth } ${PERSON}`;
    expect(() => compile(sdl)).not.toThrow();
  });

  it('were the address of a user ruled, members(search:) would not build until it asks for as much', () => {
    const sdl = loadTypeDefs('schema').map(print);
    const buildWith = (rule: string) =>
      buildSchema({
        typeDefs: sdl.map((text) => text.replace('email: EmailAddress\n', `email: EmailAddress ${rule}\n`)),
        resolvers: {},
        registry: REGISTRY,
      });
    expect(() => buildWith('@auth')).not.toThrow();
    expect(() => buildWith('@auth(groups: ["TenantAdmins"])')).toThrow(
      'Query.members(search:): may compare User.email, ruled @auth(groups: ["TenantAdmins"])',
    );
  });
});
