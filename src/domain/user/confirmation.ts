import type { Transaction } from '../../store/database.ts';

/** True once everything a confirmation gives has been given: what comes after is a repetition. */
export async function isConfirmed(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.user.count({ where: { id, confirmedAt: { not: null } } })) === 1;
}

/** Keeps that everything has been given. The first time stands. */
export async function markConfirmed(tx: Transaction, id: string): Promise<void> {
  await tx.user.updateMany({ where: { id, confirmedAt: null }, data: { confirmedAt: new Date() } });
}
