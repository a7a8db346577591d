import type { FetchBudget } from './fetch-budget.ts';

/** Callers that wait for one run; each that is let go costs an answer, and all are let go at once. */
const MAX_WAITING = 50;

/**
 * `work` as often as the budget allows and never twice at once: who asks while it runs waits for that run. Resolves to
 * what came of it; to false at once without budget, and when too many wait already.
 */
export function createSharedRun(work: () => Promise<boolean>, budget: FetchBudget): () => Promise<boolean> {
  let underWay: Promise<boolean> | null = null;
  let waiting = 0;
  const begin = () =>
    work().finally(() => {
      underWay = null;
    });
  return async () => {
    if (waiting >= MAX_WAITING) return false;
    underWay ??= budget.take() ? begin() : null;
    if (underWay === null) return false;
    waiting += 1;
    try {
      return await underWay;
    } finally {
      waiting -= 1;
    }
  };
}
