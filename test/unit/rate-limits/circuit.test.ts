import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CIRCUIT_TIMINGS, type Circuit, createCircuit } from '../../../src/http/rate-limits/circuit.ts';
import { createMemoryLog, type LogLine } from '../memory-log.ts';

const GONE = new Error('gone');
let asked: string[];
let lines: readonly LogLine[];
let circuit: Circuit;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const memory = createMemoryLog();
  lines = memory.lines;
  asked = [];
  circuit = createCircuit({ log: memory.log });
});
afterEach(() => {
  vi.useRealTimers();
});

const own = async () => 'own';
const answer = async () => {
  asked.push('answers');
  return 'shared';
};
const refuse = async () => Promise.reject(GONE);
const never = () => {
  asked.push('silent');
  return new Promise<string>(() => undefined);
};
const afterRetry = () => vi.advanceTimersByTime(CIRCUIT_TIMINGS.retryMs);

describe('a circuit before a store', () => {
  it('gives what the store answers', async () => {
    expect(await circuit.run(answer, own)).toBe('shared');
  });

  it('gives the other way when the store refuses', async () => {
    expect(await circuit.run(refuse, own)).toBe('own');
  });

  it('gives the other way when the store says nothing', async () => {
    const outcome = circuit.run(never, own);
    vi.advanceTimersByTime(CIRCUIT_TIMINGS.answerTimeoutMs);
    expect(await outcome).toBe('own');
  });

  it('does not ask again before it is time', async () => {
    await circuit.run(refuse, own);
    vi.advanceTimersByTime(CIRCUIT_TIMINGS.retryMs - 1);
    expect(await circuit.run(answer, own)).toBe('own');
    expect(asked).toEqual([]);
  });

  it('lets one alone try when it is time, so that the others wait for nothing', async () => {
    await circuit.run(refuse, own);
    afterRetry();
    void circuit.run(never, own);
    await Promise.all(Array.from({ length: 19 }, () => circuit.run(never, own)));
    expect(asked).toEqual(['silent']);
  });

  it('goes back to a store that answers', async () => {
    await circuit.run(refuse, own);
    afterRetry();
    await circuit.run(answer, own);
    expect(await circuit.run(answer, own)).toBe('shared');
  });

  it('logs one outage once, with its cause, and its end', async () => {
    for (let count = 0; count < 3; count += 1) {
      await circuit.run(refuse, own);
      circuit.fail(GONE);
      afterRetry();
    }
    await circuit.run(answer, own);
    expect(lines).toMatchObject([
      { level: 'error', msg: expect.stringContaining('cannot be asked'), err: { message: 'gone' } },
      { level: 'info', msg: expect.stringContaining('answers again') },
    ]);
    expect(lines).toHaveLength(2);
  });
});

describe('by default', () => {
  it('an answer is waited for a second, and a store that failed is tried again a second later', () => {
    expect(CIRCUIT_TIMINGS).toEqual({ answerTimeoutMs: 1_000, retryMs: 1_000 });
  });
});
