import type { Cutoff, Cutoffs } from '../../identity/cutoffs.ts';
import type { Database } from '../database.ts';
import { readAll, readRecent } from './rows.ts';

/** How `cutoffs` come to hold what the table says. */
export type Filling = {
  /** One that was heard of. */
  take(cutoff: Cutoff): void;
  /** Reads all that are in force in place of those there are: what has expired is let go. */
  refill(): Promise<void>;
  /** Reads those written since the last time. */
  readRecent(): Promise<void>;
  /** Milliseconds on the monotonic clock: all that was committed before then is held. */
  readAt(): number;
};

// A row is written before its transaction commits, which may take as long as a transaction may last.
const OVERLAP_MS = 60_000;

export function createFilling(database: Pick<Database, 'query'>, cutoffs: Cutoffs): Filling {
  let readAt = Number.NEGATIVE_INFINITY;
  // What comes in while all are read is no part of what was read.
  const meanwhile = new Set<Cutoff[]>();
  const take = (cutoff: Cutoff) => {
    cutoffs.add(cutoff);
    for (const heard of meanwhile) heard.push(cutoff);
  };
  return {
    take,
    refill: async () => {
      const startedAt = performance.now();
      const heard: Cutoff[] = [];
      meanwhile.add(heard);
      try {
        const all = await readAll(database);
        for (const cutoff of heard) all.push(cutoff);
        cutoffs.refill(all);
        readAt = Math.max(readAt, startedAt);
      } finally {
        meanwhile.delete(heard);
      }
    },
    readRecent: async () => {
      const startedAt = performance.now();
      for (const cutoff of await readRecent(database, startedAt - readAt + OVERLAP_MS)) take(cutoff);
      readAt = Math.max(readAt, startedAt);
    },
    readAt: () => readAt,
  };
}
