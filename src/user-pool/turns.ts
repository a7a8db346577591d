import { createBudget, type Lane } from './budget.ts';

/** Requests a second this process makes at most, by Cognito's categories. */
export type PoolRates = Readonly<Record<'reads' | 'changes' | 'lists', number>>;

// Cognito's quotas are per account and region, for all nodes and whoever else asks: about 120, 25 and 30 a second.
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
export const DEFAULT_RATES: PoolRates = { reads: 30, changes: 10, lists: 10 };

/** Where in the line, and until when it is of use to anybody. */
export type Turn = { readonly lane: Lane; readonly signal?: AbortSignal };

/** In nobody's way. */
export const PATIENT: Turn = { lane: 'patient' };

export type SendOptions = { readonly abortSignal?: AbortSignal };

/** Sends when its turn has come. Throws the signal's reason when that is too late. */
export type InTurn = <Answer>(
  kind: keyof PoolRates,
  turn: Turn,
  send: (options: SendOptions) => Promise<Answer>,
) => Promise<Answer>;

/** Counts over windows of `windowMs` that begin anywhere. */
export function createTurns(rates: PoolRates, windowMs: number): InTurn {
  const budgets = {
    reads: createBudget(rates.reads, windowMs),
    changes: createBudget(rates.changes, windowMs),
    lists: createBudget(rates.lists, windowMs),
  };
  return async (kind, { lane, signal }, send) => {
    await budgets[kind].take(lane);
    signal?.throwIfAborted();
    return send(signal ? { abortSignal: signal } : {});
  };
}
