import type { MembershipRole } from '../../generated/prisma/enums.ts';

export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'REVOKED' | 'EXPIRED';

export type Invitation = {
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
  readonly role: MembershipRole;
  readonly status: InvitationStatus;
  readonly expiresAt: Date;
  /** The membership of whoever invited; null once it is gone. */
  readonly invitedById: string | null;
  readonly createdAt: Date;
};

/** The status as people know it; `i` is the table. */
export const STATUS_COLUMN = `case when i.status = 'PENDING' and i.expires_at <= now() then 'EXPIRED' else i.status end as status`;

/** The columns of an Invitation, as every statement selects them; `i` is the table. */
export const INVITATION_COLUMNS = `i.id, i.tenant_id as "tenantId", i.email, i.role, ${STATUS_COLUMN}, i.expires_at as "expiresAt",
  i.invited_by as "invitedById", i.created_at as "createdAt"`;

const LIFETIME_MS = 7 * 24 * 3_600_000;

/** When an invitation ends that is sent now. */
export function toExpiry(): Date {
  return new Date(Date.now() + LIFETIME_MS);
}
