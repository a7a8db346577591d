import { notFound } from '../../errors.ts';
import type { Transaction } from '../../store/database.ts';

export type LockedUser = {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly disabledAt: Date | null;
};

/**
 * Holds a user as he is until the transaction ends: no place in a tenant is given to him meanwhile. Tenants are locked
 * before users, wherever both are. Throws NOT_FOUND.
 */
export async function lockUser(tx: Transaction, id: string): Promise<LockedUser> {
  const [user] = await tx.$queryRawUnsafe<LockedUser[]>(
    'select id, username, email, disabled_at as "disabledAt" from users where id = $1::uuid for update',
    id,
  );
  if (user === undefined) throw notFound(`user ${id}: none`);
  return user;
}
