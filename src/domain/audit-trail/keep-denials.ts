import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import type { DenialBook } from './denial-book.ts';

type Kept = { readonly database: Pick<Database, 'transaction'>; readonly denials: DenialBook };

/** Writes what is due of the refusals at `now`: all of them at Infinity. Gives how many were dropped for want of room. */
export function keepDenials({ database, denials }: Kept, now: number): Promise<{ readonly dropped: number }> {
  return denials.flush(async (rows) => {
    await database.transaction(SYSTEM, (tx) => tx.auditEvent.createMany({ data: [...rows] }));
  }, now);
}
