export type { AuditEvent } from './audit-event.ts';
export { createDenialBook, type Denial, type DenialBook } from './denial-book.ts';
export { keepDenials } from './keep-denials.ts';
export { type ListAuditEventsArgs, listAuditEvents } from './list-audit-events.ts';
