import { forbidden } from '../../errors.ts';
import type { Transaction } from '../../store/database.ts';
import type { DomainContext } from '../context.ts';
import { isWithinRank } from './rank.ts';

/**
 * The caller's token may tell of a place in the tenant that was taken away since, or made lower. Throws FORBIDDEN. A
 * machine has no place; what it may do ends with its client.
 */
export async function assertStillMember(
  tx: Transaction,
  { principal }: Pick<DomainContext, 'principal'>,
  tenantId: string,
): Promise<void> {
  const { kind, subject, tenantRole } = principal;
  if (kind === 'MACHINE') return;
  const membership = await tx.membership.findFirst({ where: { tenantId, userId: subject } });
  if (membership === null) throw forbidden('actor: not a member of the tenant any more');
  if (tenantRole === null || !isWithinRank(membership.role, tenantRole)) {
    throw forbidden(`actor: ${membership.role} by now, where the token says ${tenantRole ?? 'nothing'}`);
  }
}
