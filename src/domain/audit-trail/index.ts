export type { AuditEvent } from './audit-event.ts';
export { type ListAuditEventsArgs, listAuditEvents } from './list-audit-events.ts';
