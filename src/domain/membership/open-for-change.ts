import { conflict, forbidden, notFound } from '../../errors.ts';
import type { Membership as MembershipRow } from '../../generated/prisma/client.ts';
import type { Transaction } from '../../store/database.ts';
import type { DomainContext } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { isWithinRank } from './rank.ts';

/**
 * The membership a verb is about to change, with the tenant locked until the transaction ends: whatever else would change
 * who belongs to it waits. The actor's rank is that of the row, not of the token, which may be older. Throws NOT_FOUND,
 * FORBIDDEN (above the actor's rank, or no longer a member), TENANT_SUSPENDED.
 */
export async function openForChange(
  tx: Transaction,
  { principal }: DomainContext,
  tenantId: string,
  membershipId: string,
): Promise<{ readonly actor: MembershipRow; readonly target: MembershipRow }> {
  await lockActiveTenant(tx, tenantId, 'update');

  const actor = await tx.membership.findFirst({ where: { tenantId, userId: principal.subject } });
  if (actor === null || actor.role === 'MEMBER') throw forbidden('actor: not an admin of the tenant any more');
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
