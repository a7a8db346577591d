import type { MembershipRole } from '../../generated/prisma/enums.ts';

const RANKS: Readonly<Record<MembershipRole, number>> = { OWNER: 3, ADMIN: 2, MEMBER: 1 };

/** Nobody acts on, or raises to, a rank above their own. */
export function isWithinRank(actor: MembershipRole, other: MembershipRole): boolean {
  return RANKS[other] <= RANKS[actor];
}
