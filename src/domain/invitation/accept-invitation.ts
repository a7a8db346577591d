import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, scopeOfTenant } from '../context.ts';
import { findOwnMembershipIn, type Membership } from '../membership/index.ts';
import { parse } from '../parse.ts';
import { findOwnProfile } from '../user/index.ts';
import { countTries } from './count-tries.ts';
import { joinByOffer } from './join-by-offer.ts';
import { readSecret } from './secret.ts';

const AcceptInvitation = z.object({ secret: z.string() });

/**
 * Makes the caller a member by an invitation to the caller's proven address, once. Who is one already stays what he is.
 * Throws NOT_FOUND for whatever is wrong with the secret, RATE_LIMITED, CONFLICT (the tenant is full), TENANT_SUSPENDED.
 */
export async function acceptInvitation(ctx: DomainContext, raw: z.input<typeof AcceptInvitation>): Promise<Membership> {
  authorize(ctx, 'acceptInvitation');
  const { secret } = parse(AcceptInvitation, raw);
  const profile = await findOwnProfile(ctx);
  // The tenant is the one the secret names; what is done there is what the secret proves to be offered.
  const scope = scopeOfTenant(ctx, readSecret(secret).tenantId);
  await countTries(ctx, () =>
    ctx.database.transaction(scope, async (tx) => {
      const { offer, membershipId } = await joinByOffer(tx, ctx, secret, profile);
      await audit(tx, ctx, {
        action: 'invitation.accept',
        tenantId: offer.tenantId,
        targetType: 'Invitation',
        targetId: offer.id,
        changes: { membershipId },
      });
    }),
  );
  const membership = await findOwnMembershipIn(ctx, scope.tenantId);
  if (membership === null) throw notFound('invitation: the caller was removed again');
  return membership;
}
