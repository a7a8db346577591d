import type { ErrorCode } from '../../../src/errors.ts';
import type { Member } from '../people.ts';
import { createRandom } from '../random.ts';
import type { Team } from './world.ts';

/** One operation, and the one answer that is right. */
export type Ask = {
  readonly kind: string;
  readonly caller: Member;
  readonly query: string;
  readonly variables?: object;
  /** Known from who belongs where, and from nothing the product ever answered. */
  readonly expected: { readonly data: object } | { readonly code: ErrorCode };
  /** Whose ids and marks may stand in the answer, where not the tenant of the caller's token alone. */
  readonly tenantIds?: readonly string[];
  /** A tenant somebody else holds locked until the answer has come. */
  readonly lockedTenantId?: string;
};

/** Makes an operation for somebody of `team`, who may try for what is `other`'s. */
export type ToAsk = (team: Team, other: Team) => Ask;

const random = createRandom();

export function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Somebody of the team who reads. */
export const callerOf = ({ owner, reader, shared }: Team): Member => pick([owner, reader, shared]);
