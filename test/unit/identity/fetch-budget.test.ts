import { describe, expect, it } from 'vitest';
import { createFetchBudget } from '../../../src/identity/fetch-budget.ts';

function world() {
  const clock = { now: 1_000 };
  const budget = createFetchBudget({ burst: 2, intervalMs: 5_000, now: () => clock.now });
  /** What the budget answers to so many questions at this time. */
  const takeAt = (now: number, times: number) => {
    clock.now = now;
    return Array.from({ length: times }, () => budget.take());
  };
  return { takeAt };
}

describe('the fetch budget', () => {
  it('gives a burst at once, and no more', () => {
    expect(world().takeAt(1_000, 3)).toEqual([true, true, false]);
  });

  it('gives one more when an interval has passed, and not a millisecond earlier', () => {
    const { takeAt } = world();
    takeAt(1_000, 2);
    expect([...takeAt(5_999, 1), ...takeAt(6_000, 2)]).toEqual([false, true, false]);
  });

  it('counts an interval from where the last one ended, however late it is asked', () => {
    const { takeAt } = world();
    takeAt(1_000, 2);
    expect([...takeAt(8_000, 2), ...takeAt(11_000, 2)]).toEqual([true, false, true, false]);
  });

  it('saves up no more than a burst', () => {
    const { takeAt } = world();
    takeAt(1_000, 2);
    expect(takeAt(1_000_000, 3)).toEqual([true, true, false]);
  });

  it('earns nothing while it is full', () => {
    const { takeAt } = world();
    expect([...takeAt(4_000, 2), ...takeAt(8_999, 1), ...takeAt(9_000, 1)]).toEqual([true, true, false, true]);
  });
});
