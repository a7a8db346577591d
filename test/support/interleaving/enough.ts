import { KINDS } from './deck.ts';
import type { Disturbance } from './disturbance.ts';
import type { LaneCounts } from './lanes.ts';
import type { LogReader } from './log-reader.ts';
import type { Tally } from './tally.ts';
import type { Witness } from './witness.ts';

export const FAULTS = [
  'session ended',
  'statement timed out',
  'failed at parse',
  'failed at bind',
  'failed when run',
  'unique constraint',
  'foreign key',
  'row policy',
];

// Of all operations: about a third of what is meant to happen.
export const LEAST_ABORTED = 0.01;
export const LEAST_KILLED = 0.003;
export const LEAST_HANDOVERS = 0.05;
export const LEAST_ROWS = 0.5;

/** A run that has not met all of this after so many times its operations has failed. */
const MOST = 6;

type Parts = {
  readonly operations: number;
  readonly tally: Tally;
  readonly witness: Witness;
  readonly logReader: LogReader;
  readonly disturbance: Disturbance;
};

/** Whether a node has answered enough operations right, and met everything there is to meet on the way. */
export function isEnough({ operations, tally, witness, logReader, disturbance }: Parts, counts: LaneCounts): boolean {
  if (tally.right < operations) return false;
  if (tally.right >= MOST * operations) return true;
  const ends = Object.values(tally.tell().kinds);
  const aborted = ends.reduce((sum, end) => sum + end.aborted, 0);
  const { judgedRows, handovers, sharedConnections } = witness.tell();
  const { failures } = logReader.tell();
  return (
    ends.filter(({ right }) => right > 0).length === KINDS &&
    FAULTS.every((fault) => fault in failures) &&
    aborted > LEAST_ABORTED * operations &&
    disturbance.killed() > LEAST_KILLED * operations &&
    judgedRows > LEAST_ROWS * operations &&
    handovers > LEAST_HANDOVERS * operations &&
    sharedConnections > 1 &&
    counts.inBothAtOnce > 0
  );
}
