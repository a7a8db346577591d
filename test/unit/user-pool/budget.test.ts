import { describe, expect, it } from 'vitest';
import { createBudget } from '../../../src/user-pool/budget.ts';

/** The most that began within any second. */
function busiestSecond(begun: readonly number[]): number {
  return Math.max(...begun.map((from) => begun.filter((at) => at >= from && at < from + 1_000).length));
}

describe('a budget', () => {
  it('lets no more through within any second than it holds, and all of them in the end', async () => {
    const budget = createBudget(20);
    const begun: number[] = [];
    const take = async () => {
      await budget.take('patient');
      begun.push(performance.now());
    };
    await Promise.all(Array.from({ length: 50 }, take));
    expect(begun).toHaveLength(50);
    // A timer may fire a hair early; what it lets through is stamped after it.
    expect(busiestSecond(begun)).toBeLessThanOrEqual(21);
  });

  it('lets who is urgent pass all who are patient', async () => {
    const budget = createBudget(5);
    const order: string[] = [];
    const take = async (lane: 'urgent' | 'patient') => {
      await budget.take(lane);
      order.push(lane);
    };
    await Promise.all([...Array.from({ length: 12 }, () => take('patient')), take('urgent')]);
    // Five had passed before it came.
    expect(order.indexOf('urgent')).toBe(5);
  });

  it('holds nobody up who comes within it', async () => {
    const budget = createBudget(5);
    const begun = performance.now();
    await Promise.all(Array.from({ length: 5 }, () => budget.take('patient')));
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
