import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Budget, createBudget, type Lane } from '../../../src/user-pool/budget.ts';
import { DEFAULT_RATES } from '../../../src/user-pool/turns.ts';
import { USER_POOL_TIMINGS } from '../../../src/user-pool/user-pool.ts';

const WINDOW_MS = 1_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes from the budget in these lanes, in this order and at once; the lanes let through so far, and when. */
function takeAll(budget: Budget, lanes: readonly Lane[]) {
  const begun: { readonly lane: Lane; readonly at: number }[] = [];
  const all = lanes.map(async (lane) => {
    await budget.take(lane);
    begun.push({ lane, at: performance.now() });
  });
  return { begun, all: Promise.all(all) };
}

const patient = (times: number) => Array.from({ length: times }, () => 'patient' as const);

/** The most that began within any window. */
function busiestWindow(begun: readonly { readonly at: number }[]): number {
  return Math.max(...begun.map(({ at: from }) => begun.filter(({ at }) => at >= from && at < from + WINDOW_MS).length));
}

describe('a budget', () => {
  it('lets no more through within any second than it holds, and all of them in the end', async () => {
    const { begun, all } = takeAll(createBudget(20, WINDOW_MS), patient(50));
    await vi.advanceTimersByTimeAsync(2 * WINDOW_MS);
    await all;
    expect(begun).toHaveLength(50);
    expect(busiestWindow(begun)).toBe(20);
  });

  it('counts a window from every one it lets through, and not from the first of them', async () => {
    const budget = createBudget(2, WINDOW_MS);
    const { begun: before } = takeAll(budget, patient(1));
    await vi.advanceTimersByTimeAsync(WINDOW_MS - 1);
    const { begun } = takeAll(budget, patient(3));
    await vi.advanceTimersByTimeAsync(WINDOW_MS - 1);
    expect([before.length, begun.length]).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toHaveLength(3);
  });

  it('lets who is urgent pass all who are patient', async () => {
    const { begun, all } = takeAll(createBudget(5, WINDOW_MS), [...patient(12), 'urgent']);
    await vi.advanceTimersByTimeAsync(2 * WINDOW_MS);
    await all;
    // Five had passed before it came.
    expect(begun.findIndex(({ lane }) => lane === 'urgent')).toBe(5);
  });

  it('holds nobody up who comes within it', async () => {
    const { begun, all } = takeAll(createBudget(5, WINDOW_MS), patient(5));
    await all;
    expect([begun.length, vi.getTimerCount()]).toEqual([5, 0]);
  });

  it('is thirty reads, ten changes and ten lists a second by default', () => {
    expect(USER_POOL_TIMINGS.rateWindowMs).toBe(1_000);
    expect(DEFAULT_RATES).toEqual({ reads: 30, changes: 10, lists: 10 });
  });
});
