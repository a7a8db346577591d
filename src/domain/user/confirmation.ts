import type { Transaction } from '../../store/database.ts';

/** True once all that a confirmation gives is kept: what comes after is a repetition. */
export async function isConfirmed(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.user.count({ where: { id, confirmedAt: { not: null } } })) === 1;
}

/** Keeps that all of it is. True for the first of those who do so at once: the others repeat it. */
export async function markConfirmed(tx: Transaction, id: string): Promise<boolean> {
  const { count } = await tx.user.updateMany({ where: { id, confirmedAt: null }, data: { confirmedAt: new Date() } });
  return count === 1;
}
