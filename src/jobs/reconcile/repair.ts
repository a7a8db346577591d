import { closeAccount } from '../../domain/account/index.ts';
import { audit } from '../../domain/audit.ts';
import { tellPool } from '../../domain/outbox.ts';
import { lockUser, markConfirmed, toPoolProfile, upsertProfile } from '../../domain/user/index.ts';
import { AppError } from '../../errors.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import type { PoolUser } from '../../user-pool/users.ts';
import type { Difference, Known } from './compare.ts';

/** `KEPT`: a person has to decide. */
export type Repaired = 'REPAIRED' | 'KEPT';

export type Case = {
  readonly id: string;
  readonly poolId: string;
  readonly pool: PoolUser | undefined;
  readonly known: Known | undefined;
  /** When the pool was read: what either has learnt since stands. */
  readonly readAt: Date;
  readonly defaultGroup: string;
};

type Repair = (tx: Transaction, it: Case) => Promise<void>;

/** Brings one user in step; what the pool has to be told goes through the outbox. */
export async function repair(database: Database, difference: Difference, it: Case): Promise<Repaired> {
  try {
    await database.transaction(SYSTEM, (tx) => REPAIRS[difference](tx, it));
    return 'REPAIRED';
  } catch (error) {
    // The only owner of a tenant, or gone meanwhile.
    if (error instanceof AppError && (error.code === 'CONFLICT' || error.code === 'NOT_FOUND')) return 'KEPT';
    throw error;
  }
}

// Whether it was a code that verified the address, the pool does not say to who asks later: it counts as unproven.
const takeProfile: Repair = async (tx, { poolId, pool, readAt }) => {
  if (pool) await upsertProfile(tx, toPoolProfile(poolId, pool), 'NONE', readAt);
};

const REPAIRS: Readonly<Record<Difference, Repair>> = {
  PROFILE_MISSING: takeProfile,
  EMAIL_CHANGED: takeProfile,
  CONFIRMATION_LOST: async (tx, { id, defaultGroup }) => {
    const user = await lockUser(tx, id);
    if (await markConfirmed(tx, id)) await tellPool(tx, user, [{ kind: 'ADD_TO_GROUP', group: defaultGroup }]);
  },
  USER_GONE: async (tx, { id }) => {
    await closeAccount(tx, id, 'system');
    await audit(tx, 'system', { action: 'user.delete', tenantId: null, targetType: 'User', targetId: id });
  },
  DELETION_LOST: async (tx, { id, pool }) => {
    if (pool) await tellPool(tx, { id, username: pool.username }, [{ kind: 'DELETE' }]);
  },
  GROUP_LOST: async (tx, { id, defaultGroup }) => {
    await tellPool(tx, await lockUser(tx, id), [{ kind: 'ADD_TO_GROUP', group: defaultGroup }]);
  },
  // Who is kept out by one is kept out by both.
  STANDING_DIFFERS: async (tx, { id, known }) => {
    const user = await lockUser(tx, id);
    if ((user.disabledAt !== null) !== known?.isDisabled) return;
    if (known.isDisabled) return tellPool(tx, user, [{ kind: 'DISABLE' }, { kind: 'SIGN_OUT' }]);
    await tx.user.updateMany({ where: { id }, data: { disabledAt: new Date() } });
    await audit(tx, 'system', { action: 'user.disable', tenantId: null, targetType: 'User', targetId: id });
  },
};
