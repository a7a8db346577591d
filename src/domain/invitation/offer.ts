import { notFound } from '../../errors.ts';
import type { MembershipRole, TenantStatus } from '../../generated/prisma/enums.ts';
import type { Transaction } from '../../store/database.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { isWithinRank } from '../membership/index.ts';
import { isSameAddress } from './address.ts';
import { type Invitation, type InvitationStatus, STATUS_COLUMN } from './invitation.ts';
import { readSecret } from './secret.ts';

/** An invitation as whoever holds its secret meets it. */
export type Offer = Pick<Invitation, 'id' | 'tenantId' | 'email' | 'role'> & {
  readonly status: InvitationStatus;
  readonly tenantStatus: TenantStatus;
  /** What whoever invited is by now; null for somebody who left. */
  readonly inviterRole: MembershipRole | null;
};

const BY_SECRET = `select i.id, i.tenant_id as "tenantId", i.email, i.role, ${STATUS_COLUMN},
    t.status as "tenantStatus", m.role as "inviterRole"
  from invitations i join tenants t on t.id = i.tenant_id
    left join memberships m on m.tenant_id = i.tenant_id and m.id = i.invited_by
  where i.tenant_id = $1::uuid and i.secret_hash = $2`;

/**
 * The open invitation of this secret, for whoever has this address. Throws one NOT_FOUND for a secret that is unknown,
 * used, expired, made to another address or by somebody who could not invite to that role any more: which of them is for
 * the log.
 */
export async function findOffer(tx: Transaction, secret: string, address: string | null): Promise<Offer> {
  const { tenantId, hash } = readSecret(secret);
  const [offer] = await tx.$queryRawUnsafe<Offer[]>(BY_SECRET, tenantId, hash);
  if (offer === undefined) throw notFound('invitation: no such secret');
  const fault = findFault(offer, address);
  if (fault !== null) throw notFound(`invitation ${offer.id}: ${fault}`);
  return offer;
}

/**
 * The same, with its tenant locked until the transaction ends. It is asked before the lock, so that nobody without a good
 * secret makes others wait, and again under it. Throws NOT_FOUND, TENANT_SUSPENDED.
 */
export async function lockOffer(tx: Transaction, secret: string, address: string | null): Promise<Offer> {
  const { tenantId } = await findOffer(tx, secret, address);
  await lockActiveTenant(tx, tenantId, 'update');
  return findOffer(tx, secret, address);
}

/** Uses an offer up. Throws NOT_FOUND where somebody else has. */
export async function settleOffer(tx: Transaction, offer: Offer, status: 'ACCEPTED' | 'DECLINED'): Promise<void> {
  const { id, tenantId } = offer;
  const { count } = await tx.invitation.updateMany({ where: { tenantId, id, status: 'PENDING' }, data: { status } });
  if (count === 0) throw notFound(`invitation ${id}: used meanwhile`);
}

function findFault({ email, role, status, inviterRole }: Offer, address: string | null): string | null {
  if (status !== 'PENDING') return `is ${status}`;
  if (address === null) return 'the caller has no proven address';
  if (!isSameAddress(email, address)) return 'made to another address';
  if (inviterRole === null) return 'whoever invited has left';
  if (!isWithinRank(inviterRole, role)) return `whoever invited to ${role} is ${inviterRole} by now`;
  return null;
}
