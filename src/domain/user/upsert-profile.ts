import { conflict } from '../../errors.ts';
import type { EmailProof } from '../../generated/prisma/enums.ts';
import type { Transaction } from '../../store/database.ts';
import type { PoolUser } from '../../user-pool/users.ts';
import { audit } from '../audit.ts';
import { toHumanName } from '../human-name.ts';
import { toSearchKey } from '../search.ts';

/** A user as the pool describes him. */
export type PoolProfile = {
  readonly id: string;
  readonly poolId: string;
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string;
};

/** A profile from the pool's own attributes: `sub`, and as far as the user has them `email` and `name`. */
export function toPoolProfile(
  poolId: string,
  { username, attributes }: Pick<PoolUser, 'username' | 'attributes'>,
): PoolProfile {
  const email = toEmail(attributes['email']);
  const displayName =
    toHumanName(attributes['name']) ?? toHumanName(email?.slice(0, email.lastIndexOf('@'))) ?? 'Unnamed';
  return { id: attributes['sub'] ?? '', poolId, username, email, displayName };
}

// The pool vouches for its form; what could not be stored or shown is no address here either.
function toEmail(given: string | undefined): string | null {
  return given !== undefined && /^[^\s\p{C}@]+@[^\s\p{C}@]+$/u.test(given) ? given : null;
}

/**
 * Makes the profile, or brings its address up to date: one row whatever is repeated or runs beside. `proof` is what the
 * caller knows about the address as it is now. A known address keeps the proof it has, unless it had none.
 *
 * `asOf` is when the pool said all this, to the second; null for just now, by somebody who asked it. A known profile takes
 * a new address only from later than the one it has, so that a call which comes late or again brings back nothing.
 *
 * Throws CONFLICT for who deleted his account: nothing makes a profile of his again.
 */
export async function upsertProfile(
  tx: Transaction,
  profile: PoolProfile,
  proof: EmailProof,
  asOf: Date | null = null,
): Promise<void> {
  const { id, username, email } = profile;
  const address = { email, emailKey: toSearchKey(email ?? ''), emailProof: proof, emailAsOf: asOf };
  const { count } = await tx.user.createMany({ data: [{ ...profile, ...address }], skipDuplicates: true });
  if (count === 1) {
    // Asked after the insert, which waits for a deletion under way.
    if ((await tx.deletedUser.count({ where: { id } })) > 0) throw conflict('This account was deleted.');
    return audit(tx, 'system', { action: 'user.create', tenantId: null, targetType: 'User', targetId: id });
  }

  const known = await tx.user.findUniqueOrThrow({ where: { id } });
  if (known.email === email) {
    if (proof !== 'NONE') await tx.user.updateMany({ where: { id, emailProof: 'NONE' }, data: { emailProof: proof } });
    return;
  }
  const isOlder = asOf && { OR: [{ emailAsOf: null }, { emailAsOf: { lt: asOf } }] };
  const changed = await tx.user.updateMany({ where: { id, ...isOlder }, data: { username, ...address } });
  if (changed.count === 0) return;
  await tx.membership.updateMany({ where: { userId: id }, data: { emailKey: address.emailKey } });
  await audit(tx, 'system', { action: 'user.email-change', tenantId: null, targetType: 'User', targetId: id });
}
