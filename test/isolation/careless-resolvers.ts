import { createHash } from 'node:crypto';
import { selfScope, tenantScope } from '../../src/domain/context.ts';
import { MEMBERSHIP_COLUMNS, type Membership } from '../../src/domain/membership/membership.ts';
import { TENANT_COLUMNS, type Tenant } from '../../src/domain/tenant/tenant.ts';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import type { Scope } from '../../src/store/scope.ts';

type ById = { readonly id: string };
type Resolve<Args = object> = (source: unknown, args: Args, context: GraphQLContext) => Promise<unknown>;

/**
 * The reads as somebody would write them who forgot every condition on tenant and caller. `reach`: what they are read
 * under, where not what they should be. `unstamped`: the rows do not say it.
 */
export function createCarelessResolvers(reach?: Scope, { unstamped = false } = {}) {
  const read =
    <Row extends object>(select: string) =>
    async ({ domain }: GraphQLContext, rest: string, values: string[] = [], scope: Scope = tenantScope(domain)) => {
      const text = `${select} ${rest}`;
      const name = `careless-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
      const rows = await domain.database.query<Row>(reach ?? scope, { name, text }, values);
      return unstamped ? rows.map(withoutStamp) : rows;
    };
  const memberships = read<Membership>(`select ${MEMBERSHIP_COLUMNS} from memberships m`);
  const tenants = read<Tenant>(`select ${TENANT_COLUMNS} from tenants t`);

  const member: Resolve<ById> = async (_, { id }, context) => (await memberships(context, 'where m.id = $1', [id]))[0];
  const members: Resolve = async (_, _args, context) => ({ rows: await memberships(context, 'order by m.id') });
  const tenant: Resolve<ById> = async (_, { id }, context) => (await tenants(context, 'where t.id = $1', [id]))[0];
  const newestMembership: Resolve = async (_, _args, context) =>
    (await memberships(context, 'order by m.id desc limit 1'))[0];
  const newestTenant: Resolve = async (_, _args, context) => (await tenants(context, 'order by t.id desc limit 1'))[0];
  const ownMemberships: Resolve = async (_, _args, context) => {
    const scope = selfScope(context.domain);
    return scope === null ? [] : memberships(context, 'order by m.id', [], scope);
  };
  return {
    Query: { member, members, tenant },
    Viewer: { tenant: newestTenant, membership: newestMembership, memberships: ownMemberships },
  };
}

// A stamp's key is a symbol, which is no entry.
function withoutStamp(row: object): object {
  return Object.fromEntries(Object.entries(row));
}
