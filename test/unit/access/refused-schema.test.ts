import { describe, expect, it } from 'vitest';
import { REGISTRY } from '../../../src/access/registry.ts';
import { compile } from './fixtures.ts';

const QUERY = 'type Query { ok: Boolean @public }';

describe('a schema that is refused says', () => {
  it('where each problem stands, and what to write, and nothing of what is right', () => {
    const sdl = 'type Query { a: Int } type A { x: Int @public y: Int }';
    expect(() => compile(sdl)).toThrow(
      /^The schema cannot be enforced as written:\n {2}Query\.a: has no rule; write @auth, or @public to open it to everyone\n {2}A\.y: has no rule; write @public here too, or @auth on A alone$/,
    );
  });

  it.each([
    [
      'which types a payload may not hold',
      `${QUERY} type APayload { a: U } union U = B | C type B { x: Int @public } type C { x: Int @public }`,
      'APayload.a: APayload inherits its rule and may not hold B, C; write @auth on B, C',
    ],
    [
      'which groups there are',
      'type Query { a: Int @auth(groups: ["Owners"]) }',
      'names "Owners", which is unknown; known are Admins, Users, TenantOwners, TenantAdmins, TenantMembers',
    ],
    [
      'which reaches there are',
      'extend enum Reach { ALL } type Query { a: Int @auth @tenantScoped(reach: ALL) }',
      'Query.a: @tenantScoped(reach:) is unknown; write one of TENANT, SELF, PLATFORM',
    ],
    [
      'all that a field of an interface says, and its member does not',
      `${QUERY} interface N @auth { x(id: ID): Int @auth(mfa: true) @tenantScoped(argument: "id") }
      type A implements N @auth { x(id: ID): Int }`,
      'N.x: says @auth(mfa: true) @tenantScoped(argument: "id", reach: TENANT), A.x no rule; write the same on both',
    ],
    [
      'that an interface is open where its member is not',
      `${QUERY} interface N { x: Int @public } type A implements N { x: Int }`,
      'N.x: says @public, A.x no rule; write the same on both',
    ],
    [
      'that its member has no rule where an interface has one',
      `${QUERY} interface N @auth { x: Int } type A implements N { x: Int @public }`,
      'N: says @auth, its member A no rule; give both the same rule',
    ],
    [
      'that no machine is ever so fresh',
      'type Query { a: Int @auth(callers: [MACHINE], maxAuthAgeSeconds: 9) }',
      'nobody ever passes',
    ],
    [
      'that no machine has a factor',
      'type Query { a: Int @auth(callers: [MACHINE], mfa: true) }',
      'nobody ever passes',
    ],
    [
      'that a type may not be named as the root there must not be',
      `schema { query: Query } ${QUERY} type Subscription @auth { a: Int }`,
      'Subscription: a subscription would be read without a rule for each event; remove the type',
    ],
    [
      'that an argument is named otherwise',
      'type Query { a(x: ID): Int @auth @tenantScoped(argument: "id") }',
      '@tenantScoped(argument: "id") names no single value',
    ],
    [
      'that an input has no such field',
      'type Query { a(in: I): Int @auth @tenantScoped(argument: "in.id") } input I { x: ID }',
      '@tenantScoped(argument: "in.id") names no single value',
    ],
  ])('%s', (_what, sdl, problem) => {
    expect(() => compile(sdl)).toThrow(problem);
  });
});

describe('a schema is taken with', () => {
  it.each([
    [
      'a list whose rows are refused as a whole, and not one by one',
      'type Query { a: [A!] @auth } type A @auth(mfa: true) { x: Int }',
    ],
    ['an argument named beside others', 'type Query { a(ids: [ID], id: ID): Int @auth @tenantScoped(argument: "id") }'],
    [
      'a page that holds itself',
      `type Query { a: AConnection @auth } type AConnection { next: AConnection nodes: [A] } type A @auth { x: Int }`,
    ],
    [
      'an interface whose members have more fields, with rules of their own',
      `${QUERY} interface N @auth { x: Int } type A implements N @auth { y: Int @auth(mfa: true) x: Int }`,
    ],
    [
      'an interface behind an interface',
      `${QUERY} interface M @auth { x: Int } interface N implements M @auth { x: Int }
      type A implements N & M @auth { x: Int }`,
    ],
  ])('%s', (_what, sdl) => {
    expect(() => compile(sdl)).not.toThrow();
  });

  it("a team's own directive added by extend, for it is no rule", () => {
    const sdl = `directive @cost on OBJECT ${QUERY} type A @auth { x: Int } extend type A @cost`;
    expect(() => compile(sdl, { ...REGISTRY, directives: ['cost'] })).not.toThrow();
  });
});

describe('a tenant named by an argument', () => {
  it('is printed with its place, and read from there', () => {
    const { field } = compile(`type Query { a(in: I): Int @auth @tenantScoped(argument: "in.id", reach: PLATFORM)
      b: Int @auth @tenantScoped(reach: SELF) } input I { id: ID }`);
    expect([field('Query', 'a').scope, field('Query', 'b').scope]).toEqual([
      { reach: 'PLATFORM', argument: ['in', 'id'], text: '@tenantScoped(argument: "in.id", reach: PLATFORM)' },
      { reach: 'SELF', argument: null, text: '@tenantScoped(reach: SELF)' },
    ]);
  });
});
