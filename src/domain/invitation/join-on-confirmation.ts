import type { Transaction } from '../../store/database.ts';
import { audit } from '../audit.ts';
import { joinByOffer } from './join-by-offer.ts';

/**
 * Makes a user a member who has just confirmed his sign-up, by the invitation he signed up with. For a trigger, which acts
 * for nobody who is signed in. Throws NOT_FOUND, CONFLICT (the tenant is full), TENANT_SUSPENDED.
 */
export async function joinOnConfirmation(tx: Transaction, userId: string, secret: string): Promise<void> {
  const user = await tx.user.findUnique({ where: { id: userId } });
  const { offer, membershipId } = await joinByOffer(tx, 'system', secret, user);
  await audit(tx, 'system', {
    action: 'invitation.accept',
    tenantId: offer.tenantId,
    targetType: 'Invitation',
    targetId: offer.id,
    changes: { membershipId },
  });
}
