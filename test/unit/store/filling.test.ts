import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Cutoff, createCutoffs } from '../../../src/identity/cutoffs.ts';
import { createFilling } from '../../../src/store/cutoff-feed/filling.ts';
import type { Database } from '../../../src/store/database.ts';
import { aUser } from '../access/fixtures.ts';

const ended = (id: number, name: string): Cutoff => {
  return { id, kind: 'SESSION', tenant: null, user: null, name, value: true };
};
const isEnded = (cutoffs: ReturnType<typeof createCutoffs>, sessionId: string) =>
  cutoffs.findEnd(aUser({ sessionId })) !== null;

/** A table that answers when it is told to. */
function createTable() {
  const { promise, resolve } = Promise.withResolvers<readonly Cutoff[]>();
  const database = { query: () => promise } as unknown as Pick<Database, 'query'>;
  return { database, answer: resolve };
}

describe('filling', () => {
  afterEach(() => void vi.useRealTimers());

  it('loses nothing that is heard while all is read, and lets go of what is no more in the table', async () => {
    const cutoffs = createCutoffs();
    cutoffs.add(ended(1, 'expired'));
    const { database, answer } = createTable();
    const filling = createFilling(database, cutoffs);
    const done = filling.refill();
    filling.take(ended(3, 'heard'));
    answer([ended(2, 'read')]);
    await done;
    expect(['expired', 'read', 'heard'].map((name) => isEnded(cutoffs, name))).toEqual([false, true, true]);
  });

  it('says that it knows what there was when it began to read, and nothing before it has read', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { database, answer } = createTable();
    const filling = createFilling(database, createCutoffs());
    const startedAt = performance.now();
    const done = filling.readRecent();
    vi.advanceTimersByTime(1_000);
    expect(filling.readAt()).toBe(Number.NEGATIVE_INFINITY);
    answer([]);
    await done;
    expect(filling.readAt()).toBe(startedAt);
  });

  it('knows no more than before where the table cannot be read', async () => {
    const database = { query: () => Promise.reject(new Error('away')) } as unknown as Pick<Database, 'query'>;
    const cutoffs = createCutoffs();
    cutoffs.add(ended(1, 'known'));
    const filling = createFilling(database, cutoffs);
    await expect(filling.refill()).rejects.toThrow('away');
    expect([isEnded(cutoffs, 'known'), filling.readAt()]).toEqual([true, Number.NEGATIVE_INFINITY]);
  });
});
