import { conflict, forbidden, notFound } from '../../errors.ts';
import type { Membership as MembershipRow } from '../../generated/prisma/client.ts';
import type { Transaction } from '../../store/database.ts';
import type { DomainContext } from '../context.ts';
import { lockAsAdmin } from './lock-as-admin.ts';
import { isWithinRank } from './rank.ts';

/**
 * The membership a verb is about to change, with the tenant locked until the transaction ends. Throws NOT_FOUND,
 * FORBIDDEN (above the actor's rank, or no longer an admin), TENANT_SUSPENDED.
 */
export async function openForChange(
  tx: Transaction,
  ctx: DomainContext,
  tenantId: string,
  membershipId: string,
): Promise<{ readonly actor: MembershipRow; readonly target: MembershipRow }> {
  const actor = await lockAsAdmin(tx, ctx, tenantId);
  const target = await tx.membership.findFirst({ where: { tenantId, id: membershipId } });
  if (target === null) throw notFound(`membership ${membershipId}: none in tenant ${tenantId}`);
  if (!isWithinRank(actor.role, target.role)) throw forbidden(`rank: ${actor.role} acts on ${target.role}`);
  return { actor, target };
}

/** Throws CONFLICT when `leaving` is the only owner the tenant has. Holds because the tenant is locked. */
export async function assertOwnerRemains(tx: Transaction, leaving: MembershipRow): Promise<void> {
  if (leaving.role !== 'OWNER') return;
  const owners = await tx.membership.count({ where: { tenantId: leaving.tenantId, role: 'OWNER' } });
  if (owners <= 1) throw conflict('A tenant keeps at least one owner. Make somebody else an owner first.');
}
