import { conflict, unavailable } from '../../errors.ts';
import type { MembershipRole } from '../../generated/prisma/enums.ts';
import type { Transaction } from '../../store/database.ts';
import { type Actor, audit } from '../audit.ts';
import { toInvitedKey } from '../invitation/index.ts';
import { type LockedUser, lockUser } from '../user/index.ts';

type Place = { readonly id: string; readonly tenantId: string; readonly role: MembershipRole };

/**
 * Takes a user out of every tenant and removes his profile and sessions, and the invitations of an address he has proven: only
 * his id stays, where it is an actor in the audit trail and among those who are gone. Returns him as he was. Throws
 * NOT_FOUND, CONFLICT (the last owner of a tenant that is not being deleted).
 */
export async function closeAccount(tx: Transaction, userId: string, actor: Actor): Promise<LockedUser> {
  // Tenants before users, as everybody locks them, and in one order among themselves.
  const held = await lockTenantsOf(tx, userId);
  // Before he is held, too: whoever accepts holds the invitation first, and then the user.
  await removeInvitations(tx, userId);
  const user = await lockUser(tx, userId);
  const places = await tx.membership.findMany({ where: { userId }, select: { id: true, tenantId: true, role: true } });
  if (places.some(({ tenantId }) => !held.has(tenantId))) throw unavailable('account: joined a tenant meanwhile');
  if ((await countOrphaned(tx, userId)) > 0) {
    throw conflict(
      'You are the only owner of a tenant. Make somebody else an owner, or delete the tenant, and try again. ' +
        'One that is suspended has to be resumed first.',
    );
  }
  await leave(tx, userId, places, actor);
  await tx.session.deleteMany({ where: { userId } });
  await tx.user.deleteMany({ where: { id: userId } });
  await tx.deletedUser.create({ data: { id: userId } });
  return user;
}

async function removeInvitations(tx: Transaction, userId: string): Promise<void> {
  const emailKey = toInvitedKey(await tx.user.findUnique({ where: { id: userId } }));
  if (emailKey !== null) await tx.invitation.deleteMany({ where: { emailKey } });
}

async function lockTenantsOf(tx: Transaction, userId: string): Promise<ReadonlySet<string>> {
  const tenants = await tx.$queryRawUnsafe<{ readonly id: string }[]>(
    `select t.id from tenants t where t.id in (select m.tenant_id from memberships m where m.user_id = $1::uuid)
     order by t.id for update`,
    userId,
  );
  return new Set(tenants.map(({ id }) => id));
}

/** How many tenants would be left without an owner. */
async function countOrphaned(tx: Transaction, userId: string): Promise<number> {
  const tenants = await tx.$queryRawUnsafe<object[]>(
    `select from tenants t join memberships own on own.tenant_id = t.id
     where own.user_id = $1::uuid and own.role = 'OWNER' and t.status <> 'DELETING'
       and not exists (select from memberships m where m.tenant_id = t.id and m.role = 'OWNER' and m.user_id <> $1::uuid)`,
    userId,
  );
  return tenants.length;
}

async function leave(tx: Transaction, userId: string, places: readonly Place[], actor: Actor): Promise<void> {
  const tenantIds = places.map(({ tenantId }) => tenantId);
  await tx.membership.deleteMany({ where: { userId } });
  await tx.tenant.updateMany({ where: { id: { in: tenantIds } }, data: { memberCount: { decrement: 1 } } });
  for (const { id, tenantId, role } of places) {
    const changes = { userId, role };
    await audit(tx, actor, { action: 'membership.leave', tenantId, targetType: 'Membership', targetId: id, changes });
  }
}
