/** How many fetches there may be, whatever anybody asks: so many at once, then one more each interval. */
export type FetchBudget = { take(): boolean };

export type FetchBudgetOptions = {
  readonly burst: number;
  readonly intervalMs: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
};

export function createFetchBudget({ burst, intervalMs, now }: FetchBudgetOptions): FetchBudget {
  let left = burst;
  let countedAt = now();
  return {
    take: () => {
      const earned = Math.floor((now() - countedAt) / intervalMs);
      left = Math.min(burst, left + earned);
      countedAt = left === burst ? now() : countedAt + earned * intervalMs;
      if (left === 0) return false;
      left -= 1;
      return true;
    },
  };
}
