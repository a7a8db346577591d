import type { AuditEntry } from '../audit.ts';

/** The audit event of an app client that people of one tenant sign in through. */
export function appClientEvent(
  action: 'bind' | 'unbind',
  tenantId: string,
  clientId: string,
  changes: NonNullable<AuditEntry['changes']>,
): AuditEntry {
  return { action: `app-client.${action}`, tenantId, targetType: 'AppClient', targetId: clientId, changes };
}
