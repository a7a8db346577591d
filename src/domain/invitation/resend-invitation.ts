import { z } from 'zod';
import { conflict } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse, RowId } from '../parse.ts';
import { assertFewOpen } from './assert-invitable.ts';
import { getInvitation } from './get-invitation.ts';
import { toExpiry } from './invitation.ts';
import { openInvitation } from './open-invitation.ts';
import { createSecret } from './secret.ts';
import { type SentInvitation, sendInvitation } from './send-invitation.ts';

const ResendInvitation = z.object({ id: RowId });

/**
 * Gives an invitation that is open or expired a new secret and seven more days, and the caller as whoever invites. Throws
 * NOT_FOUND, FORBIDDEN (to a role above the caller's), CONFLICT (settled, or too many), TENANT_SUSPENDED.
 */
export async function resendInvitation(
  ctx: DomainContext,
  raw: z.input<typeof ResendInvitation>,
): Promise<SentInvitation> {
  authorize(ctx, 'resendInvitation');
  const { id } = parse(ResendInvitation, raw);
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  const { secret, hash } = createSecret(tenantId);
  await ctx.database.transaction(scope, async (tx) => {
    const { actor, invitation } = await openInvitation(tx, ctx, tenantId, id);
    if (invitation.status !== 'PENDING') throw conflict('This invitation is settled. Invite the address anew.');
    if (invitation.expiresAt <= new Date()) await assertFewOpen(tx, tenantId);
    const terms = { secretHash: hash, invitedById: actor.id, expiresAt: toExpiry() };
    await tx.invitation.updateMany({ where: { tenantId, id }, data: terms });
    await audit(tx, ctx, { action: 'invitation.resend', tenantId, targetType: 'Invitation', targetId: id });
  });
  return sendInvitation(ctx, await getInvitation(ctx, id), secret);
}
