import { join } from 'node:path';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfScope, tenantScope } from '../../src/domain/context.ts';
import { MEMBERSHIP_COLUMNS, type Membership } from '../../src/domain/membership/membership.ts';
import { TENANT_COLUMNS, type Tenant } from '../../src/domain/tenant/tenant.ts';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { type Scope, SYSTEM } from '../../src/store/scope.ts';
import { idsOf } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';

/** What stands between a caller and a foreign row: the directive, the domain's own condition, the row policy. */
type Nets = { readonly directive: boolean; readonly condition: boolean; readonly policy: boolean };

const SCHEMA = loadTypeDefs(join(import.meta.dirname, '../../schema')).map(print);
const WITHOUT_DIRECTIVE = SCHEMA.map((sdl) =>
  sdl
    .replace(/(type \w+) @tenantScoped(\([^)]*\))?/g, '$1 @auth')
    .replace(/(?<!directive) @tenantScoped(\([^)]*\))?/g, ''),
);

/** The reach the careless resolvers read under; null is the one they should. */
let carelessReach: Scope | null = null;

const memberships = ({ domain }: GraphQLContext, rest: string, values: string[] = []) =>
  domain.database.query<Membership>(
    carelessReach ?? tenantScope(domain),
    { name: `careless ${rest}`, text: `select ${MEMBERSHIP_COLUMNS} from memberships m ${rest}` },
    values,
  );
const tenants = ({ domain }: GraphQLContext, rest: string, values: string[] = []) =>
  domain.database.query<Tenant>(
    carelessReach ?? tenantScope(domain),
    { name: `careless ${rest}`, text: `select ${TENANT_COLUMNS} from tenants t ${rest}` },
    values,
  );

/** The verbs as somebody would write them who forgot every condition on the tenant and on the caller. */
const CARELESS = {
  Query: {
    member: async (_: unknown, { id }: { id: string }, context: GraphQLContext) =>
      (await memberships(context, 'where m.id = $1', [id]))[0] ?? null,
    members: async (_: unknown, _args: object, context: GraphQLContext) => ({
      rows: await memberships(context, 'order by m.id'),
    }),
    tenant: async (_: unknown, { id }: { id: string }, context: GraphQLContext) =>
      (await tenants(context, 'where t.id = $1', [id]))[0] ?? null,
  },
  Viewer: {
    tenant: async (_: unknown, _args: object, context: GraphQLContext) =>
      (await tenants(context, 'order by t.slug desc limit 1'))[0],
    membership: async (_: unknown, _args: object, context: GraphQLContext) =>
      (await memberships(context, 'order by m.id desc limit 1'))[0],
    memberships: ({ domain }: GraphQLContext['domain'] & GraphQLContext, _args: object, context: GraphQLContext) =>
      domain ?? memberships(context, 'order by m.id'),
  },
};
