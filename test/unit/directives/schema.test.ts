import { printSchema, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { REGISTRY } from '../../../src/access/registry.ts';
import { StartupError } from '../../../src/errors.ts';
import { buildSchema, loadTypeDefs } from '../../../src/graphql/schema.ts';
import { DIRECTIVES } from '../access/fixtures.ts';

const build = (...typeDefs: string[]) =>
  buildSchema({ typeDefs: [DIRECTIVES, ...typeDefs], resolvers: {}, registry: REGISTRY });

describe('buildSchema', () => {
  it('builds the contract in schema/', () => {
    const { schema } = buildSchema({ typeDefs: loadTypeDefs('schema'), resolvers: {}, registry: REGISTRY });
    expect(validateSchema(schema)).toEqual([]);
  });

  it('shows strangers what is public and not one name more', () => {
    const { publicSchema } = build(`
      type Query { ping(kind: Kind): Ping @public  member(filter: Filter): Member @auth  any: Any @auth }
      type Mutation { signUp(input: SignUp): SignUpPayload @public  leave: Boolean @auth }
      enum Kind { A }  input Filter { name: String }  input SignUp { email: String }  union Any = Member
      type Ping { at: String @public }  type Member @auth { name: String }
      type SignUpPayload { sent: Boolean  member: Member }
    `);
    expect(publicSchema && validateSchema(publicSchema)).toEqual([]);
    expect(publicSchema && printSchema(publicSchema).split(/\W+/).filter(Boolean).sort()).toEqual(
      `type Query { ping(kind: Kind): Ping } type Mutation { signUp(input: SignUp): SignUpPayload } enum Kind { A }
       input SignUp { email: String } type Ping { at: String } type SignUpPayload { sent: Boolean }`
        .split(/\W+/)
        .filter(Boolean)
        .sort(),
    );
  });

  it('has no schema for strangers where nothing is public', () => {
    expect(build('type Query { a: Int @auth }').publicSchema).toBeNull();
  });

  it('refuses a second definition that would add to the rule of the first', () => {
    const twice = () => build('type Query { a: Int @auth(groups: ["Admins"]) }', 'type Query { a: Int @auth }');
    expect(twice).toThrow(StartupError);
    expect(twice).toThrow('only one type named "Query"');
  });

  it('refuses a second definition of a field by extend', () => {
    expect(() => build('type Query { a: Int @auth(mfa: true) }', 'extend type Query { a: Int @auth }')).toThrow(
      '"Query.a" can only be defined once',
    );
  });

  it('takes no rule from a map of resolvers', async () => {
    const { plan } = buildSchema({
      typeDefs: [DIRECTIVES, 'type Query { a: Int @auth(groups: ["Admins"]) }'],
      resolvers: { Query: { a: { resolve: () => 1, astNode: undefined, extensions: { directives: {} } } } },
      registry: REGISTRY,
    });
    expect(plan.field('Query', 'a').rule.text).toBe('@auth(groups: ["Admins"])');
  });

  it('says in one line what is wrong with SDL that is not valid', () => {
    expect(() => build('type Query { a: Unknown @auth }')).toThrow('The SDL is not valid: Unknown type "Unknown".');
  });
});
