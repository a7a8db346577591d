import { AppError } from '../../errors.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import type { DomainContext } from '../context.ts';

type Standing = { readonly isDeleted: boolean; readonly isDisabled: boolean };

const DISABLED = 'This account is disabled.';

const STANDING = {
  name: 'find-user-standing',
  text: `select exists (select from deleted_users where id = $1::uuid) as "isDeleted",
    exists (select from users where id = $1::uuid and disabled_at is not null) as "isDisabled"`,
};

/** True for who deleted his account, while tokens and calls of triggers may still name him. */
export async function isDeletedUser({ database }: { readonly database: Database }, id: string): Promise<boolean> {
  return (await findStanding(database, id)).isDeleted;
}

/**
 * A token outlives what it was issued on. Throws FORBIDDEN for a user who has since been disabled or has deleted his
 * account; a machine is no user.
 */
export async function assertInGoodStanding({ database, principal }: DomainContext): Promise<void> {
  if (principal.kind === 'MACHINE') return;
  const { isDeleted, isDisabled } = await findStanding(database, principal.subject);
  if (isDeleted) throw new AppError('FORBIDDEN', 'This account was deleted.');
  if (isDisabled) throw new AppError('FORBIDDEN', DISABLED);
}

/** Throws FORBIDDEN, with a sentence for the user, while platform staff keep him out. */
export async function assertNotDisabled(tx: Transaction, id: string): Promise<void> {
  const disabled = await tx.user.count({ where: { id, disabledAt: { not: null } } });
  if (disabled > 0) throw new AppError('FORBIDDEN', DISABLED);
}

async function findStanding(database: Pick<Database, 'query'>, id: string): Promise<Standing> {
  const [standing] = await database.query<Standing>(SYSTEM, STANDING, [id]);
  if (standing === undefined) throw new Error('a user has no standing');
  return standing;
}
