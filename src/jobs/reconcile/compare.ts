import { toPoolProfile } from '../../domain/user/index.ts';
import type { PoolUser } from '../../user-pool/users.ts';

/** How the pool and the database may differ about a user. */
export type Difference =
  /** He signed up at the pool, and has no profile. */
  | 'PROFILE_MISSING'
  /** He finished signing up, and was never given what that gives: every call of the trigger failed. */
  | 'CONFIRMATION_LOST'
  /** He has a profile, and the pool does not know him: he deleted himself there, of which no trigger tells. */
  | 'USER_GONE'
  /** He deleted his account here, and the pool still has him. */
  | 'DELETION_LOST'
  | 'EMAIL_CHANGED'
  /** He was given the default group when he confirmed, and is in it no more. */
  | 'GROUP_LOST'
  /** Kept out at one of them alone. */
  | 'STANDING_DIFFERS';

/** What the database knows of a user. */
export type Known = {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly isConfirmed: boolean;
  readonly isDisabled: boolean;
  /** The outbox has something for him: he is about to be brought in step. */
  readonly isUnderWay: boolean;
};

// Who has not finished signing up, or has never signed in, gets his profile when he does.
const NOT_YET: readonly string[] = ['UNCONFIRMED', 'FORCE_CHANGE_PASSWORD'];
const FINISHED: readonly string[] = ['CONFIRMED', 'EXTERNAL_PROVIDER', 'RESET_REQUIRED'];

/**
 * What differs between the two, but for his groups. `isDeleted`: he deleted his account here, and the pool was told.
 * `isFresh`: the pool changed him so shortly ago that a trigger may be under way, which alone knows of a code: its turn
 * comes first.
 */
export function compare(
  pool: PoolUser | undefined,
  known: Known | undefined,
  isDeleted: boolean,
  isFresh: boolean,
): readonly Difference[] {
  if (known?.isUnderWay) return [];
  if (pool === undefined) return known === undefined ? [] : ['USER_GONE'];
  if (isDeleted) return ['DELETION_LOST'];
  const isLost = FINISHED.includes(pool.status) && !known?.isConfirmed && !isFresh;
  const lost = isLost ? (['CONFIRMATION_LOST'] as const) : [];
  if (known === undefined) return NOT_YET.includes(pool.status) ? [] : ['PROFILE_MISSING', ...lost];
  return [
    ...lost,
    ...(toPoolProfile('', pool).email === known.email ? [] : (['EMAIL_CHANGED'] as const)),
    ...(pool.isEnabled === !known.isDisabled ? [] : (['STANDING_DIFFERS'] as const)),
  ];
}
