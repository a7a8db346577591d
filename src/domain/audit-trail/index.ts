export type { AuditEvent } from './audit-event.ts';
export { createDenialBook, type Denial, type DenialBook } from './denial-book.ts';
export { FAULTS, type Fault } from './faults.ts';
export { keepDenials } from './keep-denials.ts';
export { type ListAuditEventsArgs, listAuditEvents } from './list-audit-events.ts';
export { createSealKey, FIRST_ID, LOOK_BACK_MS, NO_TENANT, type SealKey, toLowestId } from './seal.ts';
export { type Sealed, sealPage } from './seal-events.ts';
export { type Head, type Tally, verifyTrail } from './verify-trail.ts';
