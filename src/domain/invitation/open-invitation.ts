import { forbidden, notFound } from '../../errors.ts';
import type { Invitation as InvitationRow, Membership as MembershipRow } from '../../generated/prisma/client.ts';
import type { Transaction } from '../../store/database.ts';
import type { DomainContext } from '../context.ts';
import { isWithinRank, lockAsAdmin } from '../membership/index.ts';

/**
 * The invitation an admin is about to change, with the tenant locked until the transaction ends. Throws NOT_FOUND,
 * FORBIDDEN (to a role above the actor's rank, or no longer an admin), TENANT_SUSPENDED.
 */
export async function openInvitation(
  tx: Transaction,
  ctx: DomainContext,
  tenantId: string,
  id: string,
): Promise<{ readonly actor: MembershipRow; readonly invitation: InvitationRow }> {
  const actor = await lockAsAdmin(tx, ctx, tenantId);
  const invitation = await tx.invitation.findFirst({ where: { tenantId, id } });
  if (invitation === null) throw notFound(`invitation ${id}: none in tenant ${tenantId}`);
  if (!isWithinRank(actor.role, invitation.role)) throw forbidden(`rank: ${actor.role} acts on ${invitation.role}`);
  return { actor, invitation };
}
