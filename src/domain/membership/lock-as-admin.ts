import { forbidden } from '../../errors.ts';
import type { Membership as MembershipRow } from '../../generated/prisma/client.ts';
import type { Transaction } from '../../store/database.ts';
import type { DomainContext } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';

/**
 * The caller's own place in the tenant, which is locked until the transaction ends: whatever else would change who belongs
 * to it waits. The rank is that of the row, not of the token, which may be older. Throws FORBIDDEN (no admin any more),
 * NOT_FOUND, TENANT_SUSPENDED.
 */
export async function lockAsAdmin(
  tx: Transaction,
  { principal }: Pick<DomainContext, 'principal'>,
  tenantId: string,
): Promise<MembershipRow> {
  await lockActiveTenant(tx, tenantId, 'update');
  const actor = await tx.membership.findFirst({ where: { tenantId, userId: principal.subject } });
  if (actor === null || actor.role === 'MEMBER') throw forbidden('actor: not an admin of the tenant any more');
  return actor;
}
