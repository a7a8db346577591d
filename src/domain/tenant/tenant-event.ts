import type { AuditEntry } from '../audit.ts';

/** The audit event of a change to the tenant itself. */
export function tenantEvent(action: string, tenantId: string, changes: NonNullable<AuditEntry['changes']>): AuditEntry {
  return { action, tenantId, targetType: 'Tenant', targetId: tenantId, changes };
}
