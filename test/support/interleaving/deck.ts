import { createRandom, shuffle } from '../random.ts';
import type { ToAsk } from './ask.ts';
import { CARELESS_READS } from './careless-reads.ts';
import { READS } from './reads.ts';
import { toFailure, WRITES } from './writes.ts';

// So many of a thousand.
const SHARES: readonly (readonly [share: number, toAsk: ToAsk])[] = [
  [50, READS.members],
  [150, READS.firstMembers],
  [70, READS.ownMember],
  [80, READS.foreignMember],
  [30, READS.viewer],
  [50, READS.sharedViewer],
  [130, CARELESS_READS.memberships],
  [150, CARELESS_READS.tenants],
  [60, CARELESS_READS.users],
  [50, CARELESS_READS.usersById],
  [50, CARELESS_READS.ownMemberships],
  [12, CARELESS_READS.membershipsByPrisma],
  [15, CARELESS_READS.leftover],
  [15, WRITES.changeRole],
  [6, WRITES.changeForeignRole],
  [13, WRITES.rename],
  [6, WRITES.createTenant],
  [6, WRITES.createTakenTenant],
  [10, READS.badId],
  [5, toFailure('parse')],
  [5, toFailure('bind')],
  [12, toFailure('run')],
  [5, toFailure('unique')],
  [5, toFailure('foreign key')],
  [5, toFailure('foreign row')],
  [5, toFailure('slow', 'SERVICE_UNAVAILABLE')],
  [3, toFailure('slow transaction', 'SERVICE_UNAVAILABLE')],
  [2, WRITES.changeRoleInLockedTenant],
];

/** How many kinds of operations there are. */
export const KINDS = SHARES.length;

const DECK = SHARES.flatMap(([share, toAsk]) => Array.from({ length: share }, () => toAsk));

const random = createRandom();
let left: ToAsk[] = [];

/** Draws an operation; of every thousand, each kind exactly as often as its share says. */
export function drawAsk(): ToAsk {
  if (left.length === 0) left = [...shuffle(DECK, random)];
  const drawn = left.pop();
  if (drawn === undefined) throw new Error('the deck is empty');
  return drawn;
}
