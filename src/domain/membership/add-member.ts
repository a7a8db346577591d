import { v7 as uuidv7 } from 'uuid';
import { conflict, notFound } from '../../errors.ts';
import type { MembershipRole } from '../../generated/prisma/enums.ts';
import type { Transaction } from '../../store/database.ts';
import { isForeignKeyViolation } from '../../store/store-error.ts';
import { type Actor, audit } from '../audit.ts';
import { toSearchKey } from '../search.ts';
import type { User } from '../user/index.ts';

/** A user's place, and whether he has only just been given it. */
export type Joined = { readonly membershipId: string; readonly isNew: boolean };

export type Joining = {
  readonly tenantId: string;
  readonly user: Pick<User, 'id' | 'email'>;
  readonly role: MembershipRole;
};

/**
 * Gives a user a place in a tenant that the caller holds locked (lockTenant, `update`). Who has one already keeps it
 * as it is. Throws CONFLICT where the tenant is full, NOT_FOUND for a user who is just being deleted.
 */
export async function addMember(tx: Transaction, actor: Actor, { tenantId, user, role }: Joining): Promise<Joined> {
  const known = await tx.membership.findFirst({ where: { tenantId, userId: user.id } });
  if (known !== null) return { membershipId: known.id, isNew: false };
  await assertRoom(tx, tenantId);
  const id = uuidv7();
  const emailKey = toSearchKey(user.email ?? '');
  await tx.membership.createMany({ data: [{ tenantId, id, userId: user.id, role, emailKey }] }).catch(toGone);
  await tx.tenant.updateMany({ where: { id: tenantId }, data: { memberCount: { increment: 1 } } });
  await audit(tx, actor, {
    action: 'membership.join',
    tenantId,
    targetType: 'Membership',
    targetId: id,
    changes: { userId: user.id, role },
  });
  return { membershipId: id, isNew: true };
}

function toGone(error: unknown): never {
  throw isForeignKeyViolation(error) ? notFound('membership: the user was deleted meanwhile') : error;
}

/** Throws CONFLICT where a locked tenant has as many members as its policy lets it have. */
export async function assertRoom(tx: Transaction, tenantId: string): Promise<void> {
  const { memberCount, memberLimit } = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (memberLimit !== null && memberCount >= memberLimit) {
    throw conflict('This tenant has as many members as it may have.');
  }
}
