import type { Database } from '../store/database.ts';
import type { UserPool } from '../user-pool/user-pool.ts';
import type { PoolUser } from '../user-pool/users.ts';
import { type ClientDifference, reconcileClients } from './reconcile/clients.ts';
import { compare, type Difference, type Known } from './reconcile/compare.ts';
import { type Part, readPart } from './reconcile/read-part.ts';
import { type Case, type Repaired, repair } from './reconcile/repair.ts';

export type Finding = {
  /** Of a user, the `sub`. */
  readonly id: string;
  readonly difference: Difference | ClientDifference;
  /** `FOUND`: nothing was done about it. */
  readonly state: 'FOUND' | Repaired;
};

export type Progress = { readonly part: number; readonly parts: number; readonly users: number };

export type ReconcileOptions = {
  readonly database: Database;
  readonly userPool: UserPool;
  /** The group every confirmed user is to be in. */
  readonly defaultGroup: string;
  /** Whether to look who has lost it, which costs a request a user. */
  readonly asksGroups: boolean;
  /** Milliseconds that whatever began something at the pool is given to finish it. */
  readonly graceMs: number;
  /** Whether to repair. */
  readonly apply: boolean;
  /** How many hexadecimal digits of a `sub` make a part: 16 to the power of it is how many parts there are. */
  readonly depth: number;
  /** The first part to look at. */
  readonly from: number;
  readonly onFinding: (finding: Finding) => void;
  /** Told after each part, whose findings are all told then. */
  readonly onPart: (progress: Progress) => Promise<void>;
};

/** Cognito calls a trigger three times, five seconds each. */
export const GRACE_MS = 60_000;

/** Users looked at together: as many connections are of use. */
export const AT_ONCE = 10;

/**
 * Compares pool and database, user by user, in parts by the beginning of their `sub`: the pool finds users by it, so that
 * one part of both is in memory at a time, and a run that ended goes on with the part it was at. Machine clients come last.
 */
export async function reconcile(options: ReconcileOptions): Promise<void> {
  const { depth, from, onPart } = options;
  const parts = 16 ** depth;
  for (let at = from; at < parts; at += 1) {
    const prefix = depth === 0 ? '' : at.toString(16).padStart(depth, '0');
    const part = await readPart(options, prefix);
    const ids = [...new Set([...part.pool.keys(), ...part.known.keys()])];
    for (let next = 0; next < ids.length; next += AT_ONCE) {
      await Promise.all(ids.slice(next, next + AT_ONCE).map((id) => settle(options, part, id)));
    }
    await onPart({ part: at + 1, parts, users: ids.length });
  }
  await reconcileClients(options);
}

async function settle(options: ReconcileOptions, part: Part, id: string): Promise<void> {
  const { database, userPool, apply, onFinding } = options;
  const [pool, known] = [part.pool.get(id), part.known.get(id)];
  const it: Case = {
    id,
    poolId: userPool.id,
    pool,
    known,
    readAt: part.readAt,
    defaultGroup: options.defaultGroup,
  };
  for (const difference of await findDifferences(options, part, id, pool, known)) {
    onFinding({ id, difference, state: apply ? await repair(database, difference, it) : 'FOUND' });
  }
}

async function findDifferences(
  { userPool, defaultGroup, asksGroups, graceMs }: ReconcileOptions,
  { deleted, readAt }: Part,
  id: string,
  pool: PoolUser | undefined,
  known: Known | undefined,
): Promise<readonly Difference[]> {
  const isFresh = (user: PoolUser | undefined) => user !== undefined && +readAt - +user.modifiedAt < graceMs;
  const compareAgain = async (one: Known) => {
    const now = await findNow(userPool, one);
    return compare(now, one, false, isFresh(now));
  };
  const found = compare(pool, known, deleted.has(id), isFresh(pool));
  const differences = isFleeting(found) && known ? await compareAgain(known) : found;
  if (!asksGroups || !pool || !known || known.isUnderWay) return differences;
  const groups = await userPool.listGroups(pool.username);
  if (groups === null) return differences;
  // Whoever has the group was given it by somebody: an administrator who made him, for no trigger tells of that.
  if (groups.includes(defaultGroup)) return differences.filter((difference) => difference !== 'CONFIRMATION_LOST');
  return known.isConfirmed ? [...differences, 'GROUP_LOST'] : differences;
}

// The page may be older than what has since happened at the pool: what cannot be taken back is asked once more.
function isFleeting(differences: readonly Difference[]): boolean {
  return differences.includes('USER_GONE') || differences.includes('STANDING_DIFFERS');
}

async function findNow(userPool: UserPool, { id, username }: Known): Promise<PoolUser | undefined> {
  const user = await userPool.findUser(username, 'patient');
  return user?.attributes['sub'] === id ? user : undefined;
}
