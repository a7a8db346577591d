import type { MembershipRole } from '../../generated/prisma/enums.ts';
import type { User } from '../user/index.ts';

export type Membership = {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly role: MembershipRole;
  readonly joinedAt: Date;
  /** Set where the membership is gone and with it the way from the tenant to the user. */
  readonly user?: User;
};

/** The columns of a Membership, as every statement selects them; `m` is the table. */
export const MEMBERSHIP_COLUMNS =
  'm.id, m.tenant_id as "tenantId", m.user_id as "userId", m.role, m.joined_at as "joinedAt"';
