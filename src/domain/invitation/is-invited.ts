import { AppError } from '../../errors.ts';
import type { Transaction } from '../../store/database.ts';
import { findOffer } from './offer.ts';

/** Whether this secret opens a tenant in use for whoever proves this address. It is not used up by asking. */
export async function isInvited(tx: Transaction, secret: string, address: string): Promise<boolean> {
  try {
    return (await findOffer(tx, secret, address)).tenantStatus === 'ACTIVE';
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}
