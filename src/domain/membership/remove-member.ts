import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse, RowId } from '../parse.ts';
import { endMembership } from './end-membership.ts';
import { getMember } from './get-member.ts';
import type { Membership } from './membership.ts';
import { openForChange } from './open-for-change.ts';
import { withUser } from './with-user.ts';

const RemoveMember = z.object({ membershipId: RowId });

/**
 * Takes a member out of the caller's tenant and returns the membership as it was. Throws NOT_FOUND, FORBIDDEN (above the
 * caller's rank), CONFLICT (the last owner), TENANT_SUSPENDED.
 */
export async function removeMember(ctx: DomainContext, raw: z.input<typeof RemoveMember>): Promise<Membership> {
  authorize(ctx, 'removeMember');
  const { membershipId } = parse(RemoveMember, raw);
  const scope = tenantScope(ctx);
  const membership = await withUser(ctx, await getMember(ctx, membershipId));
  await ctx.database.transaction(scope, async (tx) => {
    const { target } = await openForChange(tx, ctx, scope.tenantId, membershipId);
    await audit(tx, ctx, await endMembership(tx, target, 'membership.remove'));
  });
  return membership;
}
