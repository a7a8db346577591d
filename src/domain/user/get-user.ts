import { notFound } from '../../errors.ts';
import { type DomainContext, platformScope } from '../context.ts';
import { loadUsers } from './load-users.ts';
import type { User } from './user.ts';

/** Any user of the platform, for platform staff. Throws NOT_FOUND. */
export async function getUser(ctx: DomainContext, userId: string): Promise<User> {
  const [user] = await loadUsers(ctx, platformScope(ctx), [userId]);
  if (user === undefined) throw notFound(`user ${userId}: none`);
  return user;
}
