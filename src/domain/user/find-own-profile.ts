import { SYSTEM } from '../../store/scope.ts';
import { type DomainContext, selfScope } from '../context.ts';
import { loadUsers } from './load-users.ts';
import { isDeletedUser } from './standing.ts';
import { toPoolProfile, upsertProfile } from './upsert-profile.ts';
import type { User } from './user.ts';

/**
 * The caller's profile; null for a machine. Where the triggers have not made it yet, the pool is asked and it is made
 * now: the last net under a trigger that failed or is still on its way.
 */
export async function findOwnProfile(ctx: DomainContext): Promise<User | null> {
  const scope = selfScope(ctx);
  if (scope === null) return null;
  const find = async () => (await loadUsers(ctx, scope, [scope.userId]))[0] ?? null;
  return (await find()) ?? ((await adoptFromPool(ctx)) ? find() : null);
}

async function adoptFromPool({ principal, userPool, database, log }: DomainContext): Promise<boolean> {
  if (await isDeletedUser({ database }, principal.subject)) return false;
  const user = principal.username === null ? null : await userPool.findUser(principal.username);
  // A token outlives its user at the pool; and a name may since have gone to somebody else.
  if (user === null || user.attributes['sub'] !== principal.subject) return false;
  log.warn({ subject: principal.subject }, 'profile was missing and is made from the pool');
  await database.transaction(SYSTEM, (tx) => upsertProfile(tx, toPoolProfile(userPool.id, user), 'NONE'));
  return true;
}
