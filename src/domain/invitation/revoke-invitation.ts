import { z } from 'zod';
import { conflict } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse, RowId } from '../parse.ts';
import { getInvitation } from './get-invitation.ts';
import type { Invitation } from './invitation.ts';
import { openInvitation } from './open-invitation.ts';

const RevokeInvitation = z.object({ id: RowId });

/**
 * Takes an invitation back; one that is taken back stays so. Throws NOT_FOUND, FORBIDDEN (to a role above the caller's),
 * CONFLICT (accepted or declined), TENANT_SUSPENDED.
 */
export async function revokeInvitation(ctx: DomainContext, raw: z.input<typeof RevokeInvitation>): Promise<Invitation> {
  authorize(ctx, 'revokeInvitation');
  const { id } = parse(RevokeInvitation, raw);
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  await ctx.database.transaction(scope, async (tx) => {
    const { invitation } = await openInvitation(tx, ctx, tenantId, id);
    if (invitation.status === 'REVOKED') return;
    if (invitation.status !== 'PENDING') throw conflict('This invitation was answered already.');
    await tx.invitation.updateMany({ where: { tenantId, id }, data: { status: 'REVOKED' } });
    await audit(tx, ctx, { action: 'invitation.revoke', tenantId, targetType: 'Invitation', targetId: id });
  });
  return getInvitation(ctx, id);
}
