import { buildASTSchema, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { meetsAll, toDemands } from '../../../src/access/demands.ts';
import { compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import { aUser, DIRECTIVES, NOW } from './fixtures.ts';

const schema = buildASTSchema(
  parse(`${DIRECTIVES}
    type Query {
      node: Node @auth
      either: Either @auth
      rows: [Row] @auth(groups: ["TenantMembers"]) @tenantScoped
      own: [Row] @auth @tenantScoped(reach: SELF)
      one(tenantId: ID): Row @auth @tenantScoped(argument: "tenantId")
    }
    interface Node @auth { id: ID }
    type Plain implements Node @auth { id: ID  code: Int @auth(mfa: true) }
    type Fresh @auth(maxAuthAgeSeconds: 60) { id: ID }
    union Either = Plain | Fresh | Row
    type Row @tenantScoped { tenantId: ID  secret: Int @auth(groups: ["TenantOwners"]) }
  `),
);
const plan = compilePlan(schema, REGISTRY);

const demandsOf = (query: string) => toDemands(plan, schema, parse(query));
const rulesOf = (query: string) =>
  demandsOf(query)
    ?.rules.map(({ text }) => text)
    .sort();

const MEMBER = '@auth(groups: ["TenantMembers"])';
const OWNER = '@auth(groups: ["TenantOwners"])';
const MFA = '@auth(mfa: true)';

describe('what a document may ask', () => {
  it.each([
    ['of a field, of what it returns, and below', '{ rows { secret } }', [MEMBER, OWNER]],
    ['in a fragment that stands in line', '{ node { ... on Plain { code } } }', [MFA]],
    ['in a fragment that is spread', '{ node { ...F } } fragment F on Plain { code }', [MFA]],
    ['of a type that a union may turn out to be', '{ either { __typename } }', ['@auth(maxAuthAgeSeconds: 60)']],
    ['of a member of a union', '{ either { ... on Row { secret } } }', [OWNER]],
    ['in another operation of the document', 'query A { own { tenantId } } query B { rows { tenantId } }', [MEMBER]],
  ])('%s', (_where, query, expected) => {
    expect(rulesOf(query)).toEqual(expect.arrayContaining(expected));
  });

  it('is nothing where only what every schema has is selected', () => {
    expect(demandsOf('{ __typename __schema { types { name } } }')).toEqual({ rules: [], scopes: [] });
    // Its fragments lie on types that no rule is for.
    expect(rulesOf(getIntrospectionQuery())).toEqual([]);
    expect(rulesOf('{ __schema { types { ...T } } } fragment T on __Type { name ofType { name } }')).toEqual([]);
  });

  it('holds the tenant that the token must name', () => {
    expect(demandsOf('{ rows { tenantId } own { tenantId } }')?.scopes.map(({ reach }) => reach)).toEqual([
      'TENANT',
      'SELF',
    ]);
  });
});

describe('nothing is said ahead', () => {
  it.each([
    ['where an argument may name a tenant', '{ one { tenantId } }'],
    ['where a variable may leave a field out', 'query ($on: Boolean!) { rows @include(if: $on) { tenantId } }'],
    ['of a field there is none of', '{ nothing }'],
    ['of a field below one there is none of', '{ nothing { secret } }'],
    ['of a fragment there is none of', '{ node { ...Missing } }'],
    ['of a root there is none of', 'subscription { rows { tenantId } }'],
  ])('%s', (_where, query) => {
    expect(demandsOf(query)).toBeNull();
  });
});

describe('a caller meets it all', () => {
  const meets = (query: string, principal: Parameters<typeof meetsAll>[1]['principal']) => {
    const demands = demandsOf(query);
    return demands && meetsAll(demands, { principal, now: NOW, tenantRules: null });
  };

  it('by every rule', () => {
    expect(meets('{ rows { tenantId } }', aUser())).toBe(true);
    expect(meets('{ rows { secret } }', aUser())).toBe(false);
    expect(meets('{ either { __typename } }', aUser({ authenticatedAt: null }))).toBe(false);
  });

  it('by a tenant, where one is spoken for', () => {
    expect(meets('{ own { tenantId } }', aUser({ tenantId: null, groups: [] }))).toBe(true);
    expect(meets('{ rows { tenantId } }', aUser({ tenantId: null }))).toBe(false);
  });

  it('or nobody does, without a token', () => {
    expect(meets('{ own { tenantId } }', null)).toBe(false);
  });
});
