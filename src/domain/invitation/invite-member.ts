import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { forbidden } from '../../errors.ts';
import { MembershipRole } from '../../generated/prisma/enums.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { isWithinRank, lockAsAdmin } from '../membership/index.ts';
import { parse } from '../parse.ts';
import { toSearchKey } from '../search.ts';
import { InvitedAddress } from './address.ts';
import { assertInvitable } from './assert-invitable.ts';
import { getInvitation } from './get-invitation.ts';
import { toExpiry } from './invitation.ts';
import { createSecret } from './secret.ts';
import { type SentInvitation, sendInvitation } from './send-invitation.ts';

const InviteMember = z.object({ email: InvitedAddress, role: z.enum(MembershipRole) });

/**
 * Offers an address a place in the caller's tenant for seven days. Throws BAD_USER_INPUT, FORBIDDEN (a role above the
 * caller's), CONFLICT (a member, invited already, no room), TENANT_SUSPENDED.
 */
export async function inviteMember(ctx: DomainContext, raw: z.input<typeof InviteMember>): Promise<SentInvitation> {
  authorize(ctx, 'inviteMember');
  const { email, role } = parse(InviteMember, raw);
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  const { secret, hash } = createSecret(tenantId);
  const id = uuidv7();
  await ctx.database.transaction(scope, async (tx) => {
    const actor = await lockAsAdmin(tx, ctx, tenantId);
    if (!isWithinRank(actor.role, role)) throw forbidden(`rank: ${actor.role} invites ${role}`);
    await assertInvitable(tx, ctx, tenantId, email);
    const invitee = { email, emailKey: toSearchKey(email), role };
    const terms = { secretHash: hash, invitedById: actor.id, expiresAt: toExpiry() };
    await tx.invitation.createMany({ data: [{ tenantId, id, ...invitee, ...terms }] });
    await audit(tx, ctx, {
      action: 'invitation.create',
      tenantId,
      targetType: 'Invitation',
      targetId: id,
      changes: { role },
    });
  });
  return sendInvitation(ctx, await getInvitation(ctx, id), secret);
}
