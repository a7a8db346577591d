import { beforeEach, describe, expect, it } from 'vitest';
import { createRateLimits, type RateLimitOptions } from '../../../src/http/rate-limits.ts';
import { createMemoryLog } from '../memory-log.ts';

const { log, lines } = createMemoryLog();
const limited: string[] = [];

const create = (options: RateLimitOptions) =>
  createRateLimits(options, {
    database: { query: async () => Promise.reject(new Error('no limit is counted in the database here')) },
    timings: { answerTimeoutMs: 50 },
    log,
    onLimited: (by) => void limited.push(by),
  });

beforeEach(() => {
  lines.length = 0;
  limited.length = 0;
});

describe('rate limits', () => {
  it('that are off are not made, and what keeps something safe is counted all the same', async () => {
    const { caller, address, quotas } = await create({
      callerPerMinute: null,
      addressPerMinute: null,
      store: 'memory',
    });
    expect([caller, address]).toEqual([null, null]);
    for (let count = 0; count < 10; count += 1) expect(await quotas.secretTries.take('a')).toBeNull();
    expect([await quotas.secretTries.take('a'), await quotas.secretTries.take('b')]).toEqual([60, null]);
  });

  it('are each off or on alone', async () => {
    const { caller, address } = await create({ callerPerMinute: null, addressPerMinute: 1, store: 'memory' });
    expect([caller, await address?.take('a'), await address?.take('a')]).toEqual([null, null, 60]);
  });

  it('tell of each request refused, and by which of them', async () => {
    const { caller } = await create({ callerPerMinute: 1, addressPerMinute: 1, store: 'memory' });
    for (let count = 0; count < 3; count += 1) await caller?.take('a');
    expect(limited).toEqual(['caller', 'caller']);
  });

  it('let the service start without the Redis they name, and count alone', async () => {
    await using limits = await create({ callerPerMinute: 1, addressPerMinute: null, store: 'redis://127.0.0.1:1' });
    expect([await limits.caller?.take('a'), await limits.caller?.take('a')]).toEqual([null, 60]);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});
