import { type DomainContext, selfScope, tenantScope } from '../context.ts';
import { MEMBERSHIP_COLUMNS, type Membership } from './membership.ts';

const OF_CALLER = {
  name: 'find-own-membership',
  text: `select ${MEMBERSHIP_COLUMNS} from memberships m where m.tenant_id = $1 and m.user_id = $2`,
};
const ALL_OF_CALLER = {
  name: 'list-own-memberships',
  text: `select ${MEMBERSHIP_COLUMNS} from memberships m where m.user_id = $1 order by m.id limit 100`,
};

/** The caller's membership in the tenant of the token; null without a tenant and for machines. */
export async function findOwnMembership(ctx: DomainContext): Promise<Membership | null> {
  const { tenantId, kind, subject } = ctx.principal;
  if (tenantId === null || kind === 'MACHINE') return null;
  const [membership] = await ctx.database.query<Membership>(tenantScope(ctx), OF_CALLER, [tenantId, subject]);
  return membership ?? null;
}

/** The caller's membership in any tenant of his; null where he has none, and for machines. */
export async function findOwnMembershipIn(ctx: DomainContext, tenantId: string): Promise<Membership | null> {
  const scope = selfScope(ctx);
  if (scope === null) return null;
  const [membership] = await ctx.database.query<Membership>(scope, OF_CALLER, [tenantId, scope.userId]);
  return membership ?? null;
}

/** The caller's memberships in every tenant, oldest first, at most 100. */
export async function listOwnMemberships(ctx: DomainContext): Promise<Membership[]> {
  const scope = selfScope(ctx);
  return scope === null ? [] : ctx.database.query<Membership>(scope, ALL_OF_CALLER, [scope.userId]);
}
