import { conflict } from '../../errors.ts';
import type { Transaction } from '../../store/database.ts';
import { audit } from '../audit.ts';
import type { DomainContext } from '../context.ts';
import { assertRoom } from '../membership/index.ts';
import { toSearchKey } from '../search.ts';

/** What one tenant may have open at once: mail in its name goes to no more strangers than that a week. */
const MAX_OPEN = 1_000;

/**
 * Makes way for an invitation of this address into a locked tenant: an expired one ends here. Throws CONFLICT for a member,
 * an open invitation, a full tenant, and too many invitations.
 */
export async function assertInvitable(
  tx: Transaction,
  ctx: DomainContext,
  tenantId: string,
  email: string,
): Promise<void> {
  const address = { tenantId, emailKey: toSearchKey(email) };
  const members = await tx.membership.count({ where: address });
  if (members > 0) throw conflict('Somebody with this address is a member already.');
  const known = await tx.invitation.findFirst({ where: { ...address, status: 'PENDING' } });
  if (known !== null && known.expiresAt > new Date()) {
    throw conflict('This address has an open invitation. Send that again, or revoke it.');
  }
  await assertRoom(tx, tenantId);
  await assertFewOpen(tx, tenantId);
  if (known !== null) await endExpired(tx, ctx, known);
}

/** Throws CONFLICT where the tenant has as many open invitations as it may have. */
export async function assertFewOpen(tx: Transaction, tenantId: string): Promise<void> {
  const open = await tx.invitation.count({ where: { tenantId, status: 'PENDING', expiresAt: { gt: new Date() } } });
  if (open >= MAX_OPEN) throw conflict(`A tenant may have ${MAX_OPEN} open invitations. Revoke some first.`);
}

async function endExpired(
  tx: Transaction,
  ctx: DomainContext,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Promise<void> {
  await tx.invitation.updateMany({ where: { tenantId, id, status: 'PENDING' }, data: { status: 'REVOKED' } });
  await audit(tx, ctx, { action: 'invitation.revoke', tenantId, targetType: 'Invitation', targetId: id });
}
