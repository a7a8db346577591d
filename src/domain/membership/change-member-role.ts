import { z } from 'zod';
import { forbidden } from '../../errors.ts';
import { MembershipRole } from '../../generated/prisma/enums.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse, RowId } from '../parse.ts';
import { getMember } from './get-member.ts';
import type { Membership } from './membership.ts';
import { assertOwnerRemains, openForChange } from './open-for-change.ts';
import { isWithinRank } from './rank.ts';

const ChangeMemberRole = z.object({ membershipId: RowId, role: z.enum(MembershipRole) });

/**
 * Gives a member of the caller's tenant another role. Throws NOT_FOUND, FORBIDDEN (beyond the caller's rank), CONFLICT
 * (the last owner), TENANT_SUSPENDED.
 */
export async function changeMemberRole(ctx: DomainContext, raw: z.input<typeof ChangeMemberRole>): Promise<Membership> {
  authorize(ctx, 'changeMemberRole');
  const { membershipId, role } = parse(ChangeMemberRole, raw);
  const scope = tenantScope(ctx);
  await ctx.database.transaction(scope, async (tx) => {
    const { actor, target } = await openForChange(tx, ctx, scope.tenantId, membershipId);
    if (!isWithinRank(actor.role, role)) throw forbidden(`rank: ${actor.role} raises to ${role}`);
    if (target.role === role) return;
    await assertOwnerRemains(tx, target);
    await tx.membership.updateMany({ where: { tenantId: scope.tenantId, id: membershipId }, data: { role } });
    await audit(tx, ctx, {
      action: 'membership.role-change',
      tenantId: scope.tenantId,
      targetType: 'Membership',
      targetId: target.id,
      changes: { role: [target.role, role] },
    });
  });
  return getMember(ctx, membershipId);
}
