import type { Transaction } from '../store/database.ts';
import { SYSTEM } from '../store/scope.ts';
import type { TriggerContext } from './context.ts';

/**
 * Writes in one transaction, undone when the deadline passes before its end: the caller has been told to try again, and
 * must not find that an attempt given up is still at work beside the next. Throws the signal's reason.
 */
export async function writeInTime<Result>(
  { database, signal }: Pick<TriggerContext, 'database' | 'signal'>,
  run: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  return database.transaction(SYSTEM, async (tx) => {
    const result = await run(tx);
    signal.throwIfAborted();
    return result;
  });
}
