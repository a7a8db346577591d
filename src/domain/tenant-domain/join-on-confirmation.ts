import type { Transaction } from '../../store/database.ts';
import { audit } from '../audit.ts';
import { findOpenDomainIn, joinOpenDomain } from './open-domain.ts';

/**
 * Makes a user a member who has just confirmed his address by a code, where its domain is open. For a trigger, which acts
 * for nobody who is signed in. Throws CONFLICT (the tenant is full), TENANT_SUSPENDED.
 */
export async function joinDomainOnConfirmation(tx: Transaction, userId: string): Promise<void> {
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId } });
  if (user.emailProof !== 'CODE') return;
  const open = await findOpenDomainIn(tx, user.email);
  if (open === null) return;
  const joined = await joinOpenDomain(tx, 'system', open, user);
  if (joined !== null) await audit(tx, 'system', joined);
}
