import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, scopeOfTenant } from '../context.ts';
import { parse } from '../parse.ts';
import { findOwnProfile } from '../user/index.ts';
import { toProvenAddress } from './address.ts';
import { countTries } from './count-tries.ts';
import { lockOffer, settleOffer } from './offer.ts';
import { readSecret } from './secret.ts';

const DeclineInvitation = z.object({ secret: z.string() });

/** Turns an invitation to the caller's proven address down. Throws NOT_FOUND, RATE_LIMITED, TENANT_SUSPENDED. */
export async function declineInvitation(ctx: DomainContext, raw: z.input<typeof DeclineInvitation>): Promise<void> {
  authorize(ctx, 'declineInvitation');
  const { secret } = parse(DeclineInvitation, raw);
  const address = toProvenAddress(await findOwnProfile(ctx));
  const scope = scopeOfTenant(ctx, readSecret(secret).tenantId);
  await countTries(ctx, () =>
    ctx.database.transaction(scope, async (tx) => {
      const offer = await lockOffer(tx, secret, address);
      await settleOffer(tx, offer, 'DECLINED');
      await audit(tx, ctx, {
        action: 'invitation.decline',
        tenantId: offer.tenantId,
        targetType: 'Invitation',
        targetId: offer.id,
      });
    }),
  );
}
