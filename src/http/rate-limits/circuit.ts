import type { Logger } from '../../observability/logger.ts';

/** Stands between requests and a store that may be gone, so that none of them fails or waits long for it. */
export type Circuit = {
  /** What `ask` gives, or `otherwise` when it rejects, takes too long, or has just failed for others. */
  run<Result>(ask: () => Promise<Result>, otherwise: () => Promise<Result>): Promise<Result>;
  /** The store is known to be gone, though nobody has asked. */
  fail(error: unknown): void;
};

/** In milliseconds. */
export type CircuitTimings = {
  /** The store has failed once an answer takes longer. */
  readonly answerTimeoutMs: number;
  /** After a failure, until one request, and one alone, tries again. */
  readonly retryMs: number;
};

export const CIRCUIT_TIMINGS: CircuitTimings = { answerTimeoutMs: 1_000, retryMs: 1_000 };

/** Timings left out are as in CIRCUIT_TIMINGS. */
export type CircuitOptions = Partial<CircuitTimings> & {
  /** Told once when the store goes, and once when it is back. */
  readonly log: Pick<Logger, 'info' | 'error'>;
};

export function createCircuit(options: CircuitOptions): Circuit {
  const { log, answerTimeoutMs, retryMs } = { ...CIRCUIT_TIMINGS, ...options };
  /** When the store may be asked again; null while it answers. */
  let retryAt: number | null = null;

  const fail = (error: unknown) => {
    if (retryAt === null) log.error({ err: error }, 'the store of rate limits cannot be asked: each node counts alone');
    retryAt = performance.now() + retryMs;
  };
  const succeed = () => {
    if (retryAt !== null) log.info('the store of rate limits answers again');
    retryAt = null;
  };
  return {
    fail,
    run: async (ask, otherwise) => {
      if (retryAt !== null) {
        if (performance.now() < retryAt) return otherwise();
        retryAt = performance.now() + retryMs;
      }
      try {
        const answer = await within(answerTimeoutMs, ask());
        succeed();
        return answer;
      } catch (error) {
        fail(error);
        return otherwise();
      }
    },
  };
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
