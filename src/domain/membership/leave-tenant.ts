import { forbidden } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { endMembership } from './end-membership.ts';
import { findOwnMembership } from './find-own-membership.ts';
import type { Membership } from './membership.ts';
import { withUser } from './with-user.ts';

/**
 * Ends the caller's own membership of the tenant his token names, and returns it as it was. Throws FORBIDDEN (no member any
 * more), CONFLICT (the last owner), TENANT_SUSPENDED.
 */
export async function leaveTenant(ctx: DomainContext): Promise<Membership> {
  authorize(ctx, 'leaveTenant');
  const scope = tenantScope(ctx);
  const found = await findOwnMembership(ctx);
  if (found === null) throw forbidden('actor: not a member of the tenant any more');
  const membership = await withUser(ctx, found);
  await ctx.database.transaction(scope, async (tx) => {
    await lockActiveTenant(tx, scope.tenantId, 'update');
    // Read again where nobody else changes it: the role may be another by now.
    const own = await tx.membership.findFirst({ where: { tenantId: scope.tenantId, id: membership.id } });
    if (own === null) throw forbidden('actor: not a member of the tenant any more');
    await audit(tx, ctx, await endMembership(tx, own, 'membership.leave'));
  });
  return membership;
}
