import type { Transaction } from '../store/database.ts';
import type { PoolChange } from '../user-pool/pool-change.ts';

/** What brings the pool in step with what was committed here; jobs/outbox.ts is it. */
export type Outbox = {
  /** There may be something new. Returns at once. */
  wake(): void;
  /** Resolves once the pool knows all that was committed for the user, or when the signal aborts: it is told later then. */
  deliverTo(userId: string, signal: AbortSignal): Promise<void>;
};

/**
 * Writes what the pool is to be told of a user, in the transaction that makes it so: the pool is told of nothing that was
 * undone, and nothing is forgotten by a process that ends. The user's row must have been written or locked before, for
 * then what two transactions write stands in the order of their commits.
 */
export async function tellPool(
  tx: Transaction,
  user: { readonly id: string; readonly username: string },
  changes: readonly PoolChange[],
): Promise<void> {
  // One after another: their numbers are their order.
  for (const change of changes) {
    const detail = 'group' in change ? change.group : null;
    await tx.outboxEntry.create({ data: { userId: user.id, username: user.username, kind: change.kind, detail } });
  }
}
