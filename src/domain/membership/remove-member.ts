import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse, RowId } from '../parse.ts';
import { loadUsers } from '../user/index.ts';
import { getMember } from './get-member.ts';
import type { Membership } from './membership.ts';
import { assertOwnerRemains, openForChange } from './open-for-change.ts';

const RemoveMember = z.object({ membershipId: RowId });

/**
 * Takes a member out of the caller's tenant and returns the membership as it was. Throws NOT_FOUND, FORBIDDEN (above the
 * caller's rank), CONFLICT (the last owner), TENANT_SUSPENDED.
 */
export async function removeMember(ctx: DomainContext, raw: z.input<typeof RemoveMember>): Promise<Membership> {
  authorize(ctx, 'removeMember');
  const { membershipId } = parse(RemoveMember, raw);
  const scope = tenantScope(ctx);
  // Read before it goes: afterwards neither the row nor the user is within the tenant's reach.
  const membership = await getMember(ctx, membershipId);
  const [user] = await loadUsers(ctx, scope, [membership.userId]);
  await ctx.database.transaction(scope, async (tx) => {
    const { target } = await openForChange(tx, ctx, scope.tenantId, membershipId);
    await assertOwnerRemains(tx, target);
    await tx.membership.deleteMany({ where: { tenantId: scope.tenantId, id: membershipId } });
    await tx.tenant.updateMany({ where: { id: scope.tenantId }, data: { memberCount: { decrement: 1 } } });
    await audit(tx, ctx, {
      action: 'membership.remove',
      tenantId: scope.tenantId,
      targetType: 'Membership',
      targetId: target.id,
      changes: { userId: target.userId, role: target.role },
    });
  });
  return user === undefined ? membership : Object.assign(membership, { user });
}
