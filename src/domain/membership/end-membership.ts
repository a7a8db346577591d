import type { Membership as MembershipRow } from '../../generated/prisma/client.ts';
import type { Transaction } from '../../store/database.ts';
import type { AuditEntry } from '../audit.ts';
import { assertOwnerRemains } from './open-for-change.ts';

/**
 * Takes a member out of a tenant that is locked, and returns the event that says so. Throws CONFLICT when he is its last
 * owner.
 */
export async function endMembership(
  tx: Transaction,
  membership: MembershipRow,
  action: 'membership.remove' | 'membership.leave',
): Promise<AuditEntry> {
  const { tenantId, id, userId, role } = membership;
  await assertOwnerRemains(tx, membership);
  await tx.membership.deleteMany({ where: { tenantId, id } });
  await tx.tenant.updateMany({ where: { id: tenantId }, data: { memberCount: { decrement: 1 } } });
  return { action, tenantId, targetType: 'Membership', targetId: id, changes: { userId, role } };
}
