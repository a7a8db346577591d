import { describe, expect, it } from 'vitest';
import { REGISTRY } from '../../../src/access/registry.ts';
import { StartupError } from '../../../src/errors.ts';
import { compile, DIRECTIVES } from './fixtures.ts';

const QUERY = 'type Query { ok: Boolean @public }';

describe('compilePlan completes a rule', () => {
  const plan = compile(`
    type Query { reports: ReportConnection @auth  any: Any @auth  node: Node @auth }
    interface Node @auth(groups: ["Admins"]) { id: ID }
    type Secret implements Node @auth(groups: ["Admins"]) { id: ID code: String @auth(mfa: true) open: Open }
    type Open @auth { id: ID }
    union Any = Open | Secret
    type ReportConnection { nodes: [Report]! totalCount: Int! }
    type Report @auth(groups: ["TenantAdmins"]) @auth(scopes: ["tenantry/members.read"]) { id: ID! }
  `);

  it('joins what the type asks and what the field asks', () => {
    expect(plan.field('Secret', 'code').rule.text).toBe('@auth(groups: ["Admins"]) & @auth(mfa: true)');
  });

  it('leaves to the field only what its parent has not proven', () => {
    expect(plan.field('Secret', 'code').check.text).toBe('@auth(mfa: true)');
    expect(plan.field('Secret', 'id').check.text).toBe('open');
    expect(plan.field('Secret', 'open').check.text).toBe('open');
  });

  it('asks whoever counts the rows of a connection for the rule of its rows', () => {
    expect(plan.field('Query', 'reports').rule.text).toBe(
      '@auth(groups: ["TenantAdmins"]) | @auth(scopes: ["tenantry/members.read"])',
    );
  });

  it('asks a field that returns an interface for what every member asks', () => {
    expect(plan.field('Query', 'node').rule.text).toBe('@auth(groups: ["Admins"])');
  });

  it('asks a field that returns a union only for what its members share', () => {
    expect(plan.field('Query', 'any').rule.text).toBe('@auth');
  });

  it('throws for a field it was not compiled from, also one every object inherits', () => {
    expect(() => plan.field('Query', 'constructor')).toThrow('Query.constructor');
  });
});

describe('compilePlan takes', () => {
  it.each([
    ['a type that is open field by field', 'type Query { a: A @public } type A { x: Int @public }'],
    ['a payload that inherits from an open field', 'type Query { a: APayload @public } type APayload { x: Int }'],
    ['a field added to a ruled type by extend', `${QUERY} type A @auth { x: Int } extend type A { y: Int }`],
    ['a non-null field that asks for what its type asks', `${QUERY} type A @auth(groups: ["Admins"]) { a: A! }`],
    [
      'a non-null field of a connection whose rows are ruled',
      `${QUERY} type A @auth(groups: ["Admins"]) { x: Int }
      type AConnection { nodes: [A]! }`,
    ],
    [
      'an argument inside an input',
      `type Query { a(input: I): Int @auth @tenantScoped(argument: "input.tenantId") }
      input I { tenantId: ID }`,
    ],
  ])('%s', (_what, sdl) => {
    expect(() => compile(sdl)).not.toThrow();
  });

  it("a team's own group, scope and directive, once they are in the registry", () => {
    const registry = { groups: [...REGISTRY.groups, 'Auditors'], scopes: ['acme/read'], directives: ['cost'] };
    const sdl = `directive @cost on FIELD_DEFINITION
      type Query { a: Int @auth(groups: ["Auditors"]) @auth(scopes: ["acme/read"]) @cost }`;
    expect(() => compile(sdl, registry)).not.toThrow();
  });
});

describe('compilePlan refuses', () => {
  it.each([
    ['a query without a rule', 'type Query { a: Int }', 'Query.a: has no rule'],
    ['a query that is only tenant scoped', 'type Query { a: Int @tenantScoped }', 'Query.a: has no rule'],
    ['a query that is public and ruled', 'type Query { a: Int @public @auth }', 'Query.a: @public and @auth'],
    ['a mutation without a rule', `${QUERY} type Mutation { a: Int }`, 'Mutation.a: has no rule'],
    ['a query added by extend without a rule', `${QUERY} extend type Query { a: Int }`, 'Query.a: has no rule'],
    ['a rule on a root', 'type Query @auth { a: Int @auth }', 'Query: a root has no rule of its own'],
    ['a root by another name', 'schema { query: Q } type Q { a: Int @auth }', 'Q: is a root under another name'],
    ['a subscription', `${QUERY} type Subscription { a: Int @auth }`, 'Subscription: a subscription'],
    [
      'a subscription by another name',
      `schema { query: Query subscription: S } type S { a: Int @auth } ${QUERY}`,
      'S: a subscr',
    ],
    ['a type without a rule', `${QUERY} type A { x: Int }`, 'A: has no rule'],
    ['a type with rules on its fields alone', `${QUERY} type A { x: Int @auth }`, 'A: has no rule'],
    ['a type that is open in part', `${QUERY} type A { x: Int @public y: Int }`, 'A.y: has no rule'],
    [
      'an open field of a ruled type',
      `${QUERY} type A @auth { x: Int @public }`,
      'A.x: @public on a field of the ruled',
    ],
    [
      'an open field of a scoped type',
      `${QUERY} type A @tenantScoped(field: "x") { x: ID @public }`,
      'A.x: @public on',
    ],
    [
      'an open field that returns a ruled type',
      'type Query { a: A @public } type A @auth { x: Int }',
      'Query.a: @public returns',
    ],
    [
      'an open field that returns a union with a ruled type',
      `type Query { a: U @public } union U = A | B
      type A @auth { x: Int } type B { x: Int @public }`,
      'Query.a: @public returns',
    ],
    [
      'an open field that counts ruled rows',
      `type Query { a: AConnection @public } type A @auth { x: Int }
      type AConnection { nodes: [A] totalCount: Int }`,
      'Query.a: @public returns',
    ],
    ['an open field with a tenant', 'type Query { a: Int @public @tenantScoped }', 'Query.a: @public has no tenant'],
    [
      'bare @auth beside another',
      'type Query { a: Int @auth @auth(groups: ["Admins"]) }',
      'Query.a: bare @auth beside',
    ],
    [
      'an empty list of groups',
      'type Query { a: Int @auth(groups: []) }',
      'Query.a: @auth(groups: []) is an empty list',
    ],
    [
      'an empty list of scopes',
      'type Query { a: Int @auth(scopes: []) }',
      'Query.a: @auth(scopes: []) is an empty list',
    ],
    ['an empty list of callers', 'type Query { a: Int @auth(callers: []) }', 'Query.a: @auth(callers: []) is an empty'],
    ['null in the place of a list', 'type Query { a: Int @auth(groups: null) }', 'Query.a: @auth(groups: null)'],
    ['a value of the wrong type', 'type Query { a: Int @auth(groups: 5) }', 'Query.a: @auth is not valid'],
    ['an unknown kind of caller', 'type Query { a: Int @auth(callers: [ROBOT]) }', 'Query.a: @auth is not valid'],
    ['an unknown group', 'type Query { a: Int @auth(groups: ["admins"]) }', 'Query.a: @auth(groups:) names "admins"'],
    ['a group every object inherits', 'type Query { a: Int @auth(groups: ["constructor"]) }', 'names "constructor"'],
    ['an unknown scope', 'type Query { a: Int @auth(scopes: ["x/y"]) }', 'Query.a: @auth(scopes:) names "x/y"'],
    ['an age of nothing', 'type Query { a: Int @auth(maxAuthAgeSeconds: 0) }', 'Query.a: @auth(maxAuthAgeSeconds:)'],
    ['a factor that is not asked for', 'type Query { a: Int @auth(mfa: false) }', 'Query.a: @auth(mfa: false)'],
    ['callers that are everyone', 'type Query { a: Int @auth(callers: [USER, MACHINE]) }', 'asks for nothing'],
    ['groups of machines', 'type Query { a: Int @auth(callers: [MACHINE], groups: ["Admins"]) }', 'nobody ever passes'],
    ['a rule added by extend', `${QUERY} type A { x: Int } extend type A @auth`, 'A: @auth is added by extend'],
    [
      'an alternative added by extend',
      `${QUERY} type A @auth(mfa: true) { x: Int }
      extend type A @auth(groups: ["Users"])`,
      'A: @auth is added by extend',
    ],
    [
      'a scope added by extend',
      `${QUERY} type A @auth { x: ID } extend type A @tenantScoped(field: "x")`,
      'A: @tenantScoped is',
    ],
    [
      'a directive nothing enforces',
      `directive @authorised on FIELD_DEFINITION ${QUERY}
      type A @auth { x: Int @authorised }`,
      '@authorised: is enforced by nothing',
    ],
    ['an owner that is no field', `${QUERY} type A @tenantScoped { x: Int }`, 'A: @tenantScoped(field: "tenantId")'],
    ['an owner that is no value', `${QUERY} type A @tenantScoped(field: "a") { a: A }`, 'A: @tenantScoped(field: "a")'],
    [
      'a reach on a type',
      `${QUERY} type A @tenantScoped(field: "x", reach: SELF) { x: ID }`,
      'A: @tenantScoped(reach:)',
    ],
    ['an owner on a field', 'type Query { a: Int @auth @tenantScoped(field: "id") }', 'Query.a: @tenantScoped(field:)'],
    [
      'an argument that is not there',
      'type Query { a: Int @auth @tenantScoped(argument: "id") }',
      'Query.a: @tenantScoped(argument: "id")',
    ],
    [
      'an argument that is a list',
      'type Query { a(ids: [ID]): Int @auth @tenantScoped(argument: "ids") }',
      'Query.a: @tenantScoped(argument',
    ],
    [
      'an argument that is a whole input',
      `type Query { a(input: I): Int @auth @tenantScoped(argument: "input") }
      input I { id: ID }`,
      'Query.a: @tenantScoped(argument',
    ],
    [
      'an argument that is null',
      'type Query { a: Int @auth @tenantScoped(argument: null) }',
      'Query.a: @tenantScoped(arg',
    ],
    [
      'an unknown reach',
      'type Query { a: Int @auth @tenantScoped(reach: ALL) }',
      'Query.a: @tenantScoped is not valid',
    ],
    [
      'a reach added to the enum',
      'extend enum Reach { ALL } type Query { a: Int @auth @tenantScoped(reach: ALL) }',
      'reach:) is unknown',
    ],
    [
      'an interface weaker than its member',
      `${QUERY} interface N @auth { x: Int }
      type A implements N @auth(groups: ["Admins"]) { x: Int }`,
      'N: says @auth, its member A @auth(groups: ["Admins"])',
    ],
    [
      'an interface stronger than its member',
      `${QUERY} interface N @auth(groups: ["Admins"]) { x: Int }
      type A implements N @auth { x: Int }`,
      'N: says @auth(groups: ["Admins"]), its member A @auth',
    ],
    [
      'an interface without the rule of its members',
      `${QUERY} interface N { x: Int }
      type A implements N @auth { x: Int }`,
      'N: says no rule',
    ],
    [
      'an interface whose field is weaker',
      `${QUERY} interface N @auth { x: Int }
      type A implements N @auth { x: Int @auth(mfa: true) }`,
      'N.x: says no rule, A.x @auth(mfa: true)',
    ],
    [
      'an interface whose field is stronger',
      `${QUERY} interface N @auth { x: Int @auth(mfa: true) }
      type A implements N @auth { x: Int }`,
      'N.x: says @auth(mfa: true), A.x no rule',
    ],
    ['a refusable field that is non-null', 'type Query { a: Int! @auth(groups: ["Admins"]) }', 'Query.a: a refusal'],
    [
      'a refusable type behind non-null',
      `type Query { a: A! @auth } type A @auth(mfa: true) { x: Int }`,
      'Query.a: a refusal',
    ],
    [
      'a refusable item behind non-null',
      `type Query { a: [U!] @auth } union U = A | B
      type A @auth { x: Int } type B @auth(mfa: true) { x: Int }`,
      'Query.a: a refusal',
    ],
    [
      'a payload that holds an unruled type',
      `${QUERY} type APayload { a: A } type A { x: Int }`,
      'A: has no rule; write @auth or @tenantScoped on the type',
    ],
    ['a row with a tenant, ruled as if it had none', `${QUERY} type A @auth { tenantId: ID! }`, 'A: has a tenantId'],
    [
      'a payload that holds a union with an open type',
      `${QUERY} type APayload { a: U } union U = A | B
      type A @auth { x: Int } type B { x: Int @public }`,
      'may not hold B',
    ],
    ['a type that only looks like a payload', `${QUERY} type Payload { x: Int }`, 'Payload: has no rule'],
  ])('%s', (_what, sdl, problem) => {
    expect(() => compile(sdl)).toThrow(problem);
  });

  it('every problem at once, in one error that start-up prints', () => {
    const build = () => compile('type Query { a: Int b: Int @auth(groups: []) } type A { x: Int }');
    expect(build).toThrow(StartupError);
    expect(build).toThrow(/Query\.a.*\n.*A: has no rule|Query\.b.*\n.*Query\.a/s);
  });

  it.each([
    [
      'a place more',
      DIRECTIVES.replace('OBJECT | INTERFACE | FIELD_DEFINITION', 'OBJECT | INTERFACE | FIELD_DEFINITION | ENUM'),
    ],
    ['an argument more', DIRECTIVES.replace('mfa: Boolean', 'mfa: Boolean roles: [String!]')],
    ['another default', DIRECTIVES.replace('reach: Reach = TENANT', 'reach: Reach = PLATFORM')],
    [
      'no definition',
      DIRECTIVES.replace('directive @public on FIELD_DEFINITION', '').replace(
        '"Open to everyone, with or without a token."',
        '',
      ),
    ],
  ])('definitions with %s than what is enforced', (_what, directives) => {
    expect(() => compile('type Query { a: Int @auth }', REGISTRY, directives)).toThrow('use schema/directives.graphql');
  });

  it.each([
    ['an input field', `${QUERY} input I { x: Int @auth }`],
    ['an argument', 'type Query { a(x: Int @auth): Int @auth }'],
    ['an enum', `${QUERY} enum E @auth { A }`],
    ['a scalar', `${QUERY} scalar S @auth`],
    ['a union', `${QUERY} type A @auth { x: Int } union U @auth = A`],
  ])('a rule on %s, where nothing reads it', (_where, sdl) => {
    expect(() => compile(sdl)).toThrow(/may not be used on/);
  });

  it('a misspelt directive', () => {
    expect(() => compile('type Query { a: Int @atuh }')).toThrow('Unknown directive "@atuh"');
  });
});
