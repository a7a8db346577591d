import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryLimit } from '../../../src/http/rate-limits/memory-limit.ts';
import type { RateLimit } from '../../../src/http/rate-limits/rate-limit.ts';

const MINUTE = { name: 'test', requests: 3, seconds: 60 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function take(limit: RateLimit, key: string, times: number): Promise<readonly (number | null)[]> {
  const waits: (number | null)[] = [];
  for (let count = 0; count < times; count += 1) waits.push(await limit.take(key));
  return waits;
}

describe('a limit counted in memory', () => {
  it('lets so many pass and tells the next how long to wait', async () => {
    expect(await take(createMemoryLimit(MINUTE), 'a', 4)).toEqual([null, null, null, 60]);
  });

  it('tells whole seconds, never too few', async () => {
    const limit = createMemoryLimit(MINUTE);
    await take(limit, 'a', 3);
    vi.advanceTimersByTime(58_001);
    expect(await limit.take('a')).toBe(2);
  });

  it('begins anew when the window is over, however often it was asked meanwhile', async () => {
    const limit = createMemoryLimit(MINUTE);
    await take(limit, 'a', 20);
    vi.advanceTimersByTime(60_000);
    expect(await take(limit, 'a', 4)).toEqual([null, null, null, 60]);
  });

  it('counts each key for itself', async () => {
    const limit = createMemoryLimit(MINUTE);
    await take(limit, 'a', 4);
    expect(await limit.take('b')).toBeNull();
  });

  it('does not count what was given back', async () => {
    const limit = createMemoryLimit(MINUTE);
    await take(limit, 'a', 3);
    await limit.giveBack('a');
    expect(await take(limit, 'a', 2)).toEqual([null, 60]);
  });

  it('holds no more keys, and no more timers, than it may', async () => {
    const limit = createMemoryLimit(MINUTE, 100);
    for (let key = 0; key < 10_000; key += 1) await limit.take(`address-${key}`);
    expect(vi.getTimerCount()).toBe(100);
  });

  it('forgets who has not asked for longest, and holds on to who asks', async () => {
    const limit = createMemoryLimit(MINUTE, 100);
    await take(limit, 'busy', 3);
    for (let key = 0; key < 1_000; key += 1) {
      await limit.take(`address-${key}`);
      expect(await limit.take('busy')).toBe(60);
    }
  });
});
