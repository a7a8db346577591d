import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformScope, scopeOfTenant, selfScope } from '../../src/domain/context.ts';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import type { Scope } from '../../src/store/scope.ts';
import { codesOf } from '../support/answers.ts';
import { addMember, addMembership, addTenant, type Member, toUserClaims } from '../support/people.ts';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { walkPages } from '../support/walk-pages.ts';

/** What a team might add: a field and a type for owners alone, and reads under a tenant that a stranger names. */
const SDL = `
  extend type Tenant { secret: String @auth(groups: ["TenantOwners"])  hint: String }
  extend type Viewer { vaults: [Vault] @tenantScoped(reach: SELF) }
  type Vault @tenantScoped(field: "id") @auth(groups: ["TenantOwners"]) { id: ID!  slug: String }
  type Loose @auth { id: ID!  slug: String }
  type LoosePayload { slug: String }
  union AnyLoose = Loose | User
  extend type Query {
    usersOf(tenantId: ID!): [User] @auth(groups: ["TenantMembers"])
    looseOf(tenantId: ID!): [Loose] @auth(groups: ["TenantMembers"])
    unionOf(tenantId: ID!): [AnyLoose] @auth(groups: ["TenantMembers"])
    payloadOf(tenantId: ID!): LoosePayload @auth(groups: ["TenantMembers"])
    looseOfAll: [Loose] @auth(groups: ["TenantMembers"])
    looseOfSelf: [Loose] @auth(groups: ["TenantMembers"])
  }
`;

type Row = { readonly id: string; readonly slug: string };
type Named = { readonly tenantId: string };

const tenants = ({ domain }: GraphQLContext, scope: Scope | null) =>
  scope === null
    ? []
    : domain.database.query<Row>(scope, { name: `planted-${scope.reach}`, text: 'select id, slug from tenants' });
const of = ({ domain }: GraphQLContext, { tenantId }: Named) => scopeOfTenant(domain, tenantId);

type Planted<Source = unknown> = (source: Source, args: Named, context: GraphQLContext) => unknown;
const planted: Readonly<Record<string, Readonly<Record<string, Planted<never>>>>> = {
  Tenant: {
    secret: ({ slug }: Row) => `secret of ${slug}`,
    hint: (row: Row & { readonly secret?: string }) => row.slug,
  },
  Viewer: { vaults: (_, _args, context) => tenants(context, selfScope(context.domain)) },
  Query: {
    usersOf: (_, args, context) =>
      context.domain.database.query(of(context, args), { name: 'planted-users', text: 'select id, email from users' }),
    looseOf: (_, args, context) => tenants(context, of(context, args)),
    unionOf: async (_, args, context) =>
      (await tenants(context, of(context, args))).map((row) => ({ ...row, __typename: 'Loose' })),
    payloadOf: async (_, args, context) => (await tenants(context, of(context, args)))[0],
    looseOfAll: (_, _args, context) => tenants(context, platformScope(context.domain)),
    looseOfSelf: (_, _args, context) => tenants(context, selfScope(context.domain)),
  },
};

const RUN = randomUUID().slice(0, 8);
const OWNED = `owned-${RUN}`;
const JOINED = `joined-${RUN}`;

let product: Product;
let owned: string;
let joined: string;
let both: Member;

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs('schema').map(print), SDL];
  product = await startBeside(await getSharedProduct(), {
    overrides: { schema: { typeDefs, resolvers: [...resolvers, planted] } },
  });
  owned = await addTenant(product, OWNED);
  joined = await addTenant(product, JOINED);
  both = await addMember(product, owned, 'OWNER');
  await addMembership(product, both, joined, 'MEMBER');
});
afterAll(() => product[Symbol.asyncDispose]());

describe('who owns one tenant and is a member of another', () => {
  it('reads what is for owners in the one alone', async () => {
    const answer = await product.query(both.token, '{ viewer { memberships { tenant { slug secret } } } }');
    expect(answer.body.data.viewer.memberships).toEqual([
      { tenant: { slug: OWNED, secret: `secret of ${OWNED}` } },
      { tenant: { slug: JOINED, secret: null } },
    ]);
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });

  it('is handed the rows of a type for owners of the one alone', async () => {
    const answer = await product.query(both.token, '{ viewer { vaults { slug } } }');
    expect(answer.body.data.viewer.vaults).toEqual(expect.arrayContaining([{ slug: OWNED }, null]));
    expect(answer.text).not.toContain(JOINED);
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
  });

  it('reads nothing for owners anywhere else as platform staff', async () => {
    const roles = { tenant_id: owned, tenant_role: 'OWNER', 'cognito:groups': ['Users', 'Admins'] };
    const token = await product.pool.signToken(toUserClaims(product, both.sub, roles));
    const query =
      'query ($after: String) { tenants(first: 100, after: $after) { nodes { slug secret } pageInfo { hasNextPage endCursor } } }';
    const pages = await walkPages(async (after) => (await product.query(token, query, { after })).body.data.tenants);
    const nodes: readonly { secret: string | null }[] = pages.flatMap((page) => page.nodes);
    expect(nodes.filter(({ secret }) => secret !== null)).toEqual([{ slug: OWNED, secret: `secret of ${OWNED}` }]);
    expect(nodes.length).toBeGreaterThan(3);
  });
});

const PATHS: [string, string][] = [
  ['a type of the core without an owner', 'query ($tenant: ID!) { it: usersOf(tenantId: $tenant) { id } }'],
  ["a team's own", 'query ($tenant: ID!) { it: looseOf(tenantId: $tenant) { id } }'],
  ['a union', 'query ($tenant: ID!) { it: unionOf(tenantId: $tenant) { ... on Loose { id } } }'],
  ['a payload', 'query ($tenant: ID!) { it: payloadOf(tenantId: $tenant) { slug } }'],
];

describe('a row that was read under a tenant the caller names leaves', () => {
  it.each(PATHS)('through %s for his own', async (_what, query) => {
    const answer = await product.query(both.token, query, { tenant: owned });
    expect(answer.body.errors).toBeUndefined();
    expect(answer.text).toMatch(/"(id|slug)":"/);
  });

  it.each(PATHS)('through %s for no other', async (_what, query) => {
    const answer = await product.query(both.token, query, { tenant: joined });
    expect(answer.text).not.toMatch(/"(id|slug)":"/);
    expect(new Set(codesOf(answer))).toEqual(new Set(['NOT_FOUND']));
  });
});

describe('a row without an owner that was read under a wider reach than its field declares', () => {
  it.each(['looseOfAll', 'looseOfSelf'])('is held back from %s, though it may be his own', async (field) => {
    const answer = await product.query(both.token, `{ ${field} { slug } }`);
    expect(answer.text).not.toContain('"slug":"');
    expect(new Set(codesOf(answer))).toEqual(new Set(['NOT_FOUND']));
  });
});
