import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Circuit, createCircuit } from '../../../src/http/rate-limits/circuit.ts';

const GONE = new Error('gone');
const log = { info: vi.fn(), error: vi.fn() };
let circuit: Circuit;

beforeEach(() => {
  vi.clearAllMocks();
  circuit = createCircuit({ log, answerTimeoutMs: 50, retryMs: 50 });
});

const own = async () => 'own';
const answer = vi.fn(async () => 'shared');
const refuse = vi.fn(async () => Promise.reject(GONE));
const never = vi.fn(() => new Promise<string>(() => undefined));
const afterRetry = () => new Promise((resolve) => setTimeout(resolve, 60));

describe('a circuit before a store', () => {
  it('gives what the store answers', async () => {
    expect(await circuit.run(answer, own)).toBe('shared');
  });

  it('gives the other way when the store refuses', async () => {
    expect(await circuit.run(refuse, own)).toBe('own');
  });

  it('gives the other way when the store says nothing', async () => {
    expect(await circuit.run(never, own)).toBe('own');
  });

  it('does not ask again before it is time', async () => {
    await circuit.run(refuse, own);
    expect(await circuit.run(answer, own)).toBe('own');
    expect(answer).not.toHaveBeenCalled();
  });

  it('lets one alone try when it is time, so that the others wait for nothing', async () => {
    await circuit.run(refuse, own);
    await afterRetry();
    await Promise.all(Array.from({ length: 20 }, () => circuit.run(never, own)));
    expect(never).toHaveBeenCalledOnce();
  });

  it('goes back to a store that answers', async () => {
    await circuit.run(refuse, own);
    await afterRetry();
    await circuit.run(answer, own);
    expect(await circuit.run(answer, own)).toBe('shared');
  });

  it('logs one outage once, with its cause, and its end', async () => {
    for (let count = 0; count < 3; count += 1) {
      await circuit.run(refuse, own);
      circuit.fail(GONE);
      await afterRetry();
    }
    await circuit.run(answer, own);
    expect(log.error.mock.calls).toEqual([[{ err: GONE }, expect.stringContaining('cannot be asked')]]);
    expect(log.info).toHaveBeenCalledOnce();
  });
});
