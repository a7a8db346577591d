import type { Database, Transaction } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import type { Actor, AuditEntry } from '../audit.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { addMember } from '../membership/index.ts';
import type { User } from '../user/index.ts';
import { toEmailDomain } from './email-domain.ts';
import type { TenantDomain } from './tenant-domain.ts';

/** A verified domain of a tenant in use, whose policy lets in whoever proves an address there. */
export type OpenDomain = Pick<TenantDomain, 'id' | 'tenantId'>;

const OPEN = {
  name: 'find-open-domain',
  text: `select d.id, d.tenant_id as "tenantId" from tenant_domains d join tenants t on t.id = d.tenant_id
    where d.domain = $1 and d.verified_at is not null and t.join_by_domain and t.status = 'ACTIVE'`,
};

/** The open domain of this address; null where there is none. One tenant alone can have it. */
export async function findOpenDomain(
  { database }: { readonly database: Database },
  email: string | null,
): Promise<OpenDomain | null> {
  const domain = toEmailDomain(email);
  if (domain === null) return null;
  const [open] = await database.query<OpenDomain>(SYSTEM, OPEN, [domain]);
  return open ?? null;
}

/** The same within a transaction, as far as its scope reaches. */
export async function findOpenDomainIn(tx: Transaction, email: string | null): Promise<OpenDomain | null> {
  const [open] = await tx.$queryRawUnsafe<OpenDomain[]>(OPEN.text, toEmailDomain(email));
  return open ?? null;
}

/**
 * Makes a user a member of the tenant whose open domain his address is in, and returns what the audit trail keeps of it;
 * null where the domain is not open any more, or he is a member. Throws CONFLICT (the tenant is full), TENANT_SUSPENDED.
 */
export async function joinOpenDomain(
  tx: Transaction,
  actor: Actor,
  { tenantId }: OpenDomain,
  user: Pick<User, 'id' | 'email'>,
): Promise<AuditEntry | null> {
  await lockActiveTenant(tx, tenantId, 'update');
  // Asked again where nobody changes it: domain and policy may be others by now.
  const open = await findOpenDomainIn(tx, user.email);
  if (open?.tenantId !== tenantId) return null;
  const { membershipId, isNew } = await addMember(tx, actor, { tenantId, user, role: 'MEMBER' });
  if (!isNew) return null;
  return { action: 'domain.join', tenantId, targetType: 'TenantDomain', targetId: open.id, changes: { membershipId } };
}
