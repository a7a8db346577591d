import { notFound } from '../../errors.ts';
import type { Transaction } from '../../store/database.ts';
import type { Actor } from '../audit.ts';
import { addMember } from '../membership/index.ts';
import type { User } from '../user/index.ts';
import { toProvenAddress } from './address.ts';
import { lockOffer, type Offer, settleOffer } from './offer.ts';

/**
 * Uses an invitation up and makes the user a member; null is somebody without a profile. Throws NOT_FOUND, CONFLICT (the
 * tenant is full), TENANT_SUSPENDED.
 */
export async function joinByOffer(
  tx: Transaction,
  actor: Actor,
  secret: string,
  user: Pick<User, 'id' | 'email' | 'emailProof'> | null,
): Promise<{ readonly offer: Offer; readonly membershipId: string }> {
  const offer = await lockOffer(tx, secret, toProvenAddress(user));
  if (user === null) throw notFound('invitation: the caller has no profile');
  await settleOffer(tx, offer, 'ACCEPTED');
  const { tenantId, role } = offer;
  const { membershipId } = await addMember(tx, actor, { tenantId, user, role });
  return { offer, membershipId };
}
