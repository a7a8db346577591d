import type { AuditEntry } from '../audit.ts';

/** The audit event of a machine client: its id and what was done, neither its name nor a secret. */
export function machineClientEvent(
  action: string,
  tenantId: string,
  clientId: string,
  changes: NonNullable<AuditEntry['changes']>,
): AuditEntry {
  return { action: `machine-client.${action}`, tenantId, targetType: 'MachineClient', targetId: clientId, changes };
}
