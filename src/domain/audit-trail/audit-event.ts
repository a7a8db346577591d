import type { CallerKind } from '../../generated/prisma/enums.ts';

/** What was done, or refused, in a tenant. */
export type AuditEvent = {
  readonly id: string;
  readonly tenantId: string;
  readonly at: Date;
  readonly action: string;
  readonly actorId: string | null;
  readonly actorKind: CallerKind | null;
  readonly targetType: string;
  readonly targetId: string;
  readonly outcome: 'ALLOWED' | 'DENIED';
  readonly reason: string | null;
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly count: number;
  readonly changes: Readonly<Record<string, unknown>> | null;
};

/** The columns of an AuditEvent, as every statement selects them; `e` is the table. */
export const AUDIT_EVENT_COLUMNS = `e.id, e.tenant_id as "tenantId", e.at, e.action, e.actor_id as "actorId",
  e.actor_kind as "actorKind", e.target_type as "targetType", e.target_id as "targetId", e.outcome, e.reason,
  e.request_id as "requestId", e.ip, e.count, e.changes`;
