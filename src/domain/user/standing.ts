import { AppError } from '../../errors.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';

const DELETED = { name: 'find-deleted-user', text: 'select id from deleted_users where id = $1::uuid' };

/** True for who deleted his account, while calls of triggers may still name him. */
export async function isDeletedUser({ database }: { readonly database: Database }, id: string): Promise<boolean> {
  return (await database.query(SYSTEM, DELETED, [id])).length > 0;
}

/** Throws FORBIDDEN, with a sentence for the user, while platform staff keep him out. */
export async function assertNotDisabled(tx: Transaction, id: string): Promise<void> {
  const disabled = await tx.user.count({ where: { id, disabledAt: { not: null } } });
  if (disabled > 0) throw new AppError('FORBIDDEN', 'This account is disabled.');
}
