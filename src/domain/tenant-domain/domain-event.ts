import type { AuditEntry } from '../audit.ts';
import type { TenantDomain } from './tenant-domain.ts';

type Named = Pick<TenantDomain, 'id' | 'tenantId' | 'domain'>;

/** The audit event of a change to a domain. */
export function domainEvent(action: string, { id, tenantId, domain }: Named): AuditEntry {
  return { action, tenantId, targetType: 'TenantDomain', targetId: id, changes: { domain } };
}
