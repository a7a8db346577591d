import type { Logger } from '../observability/logger.ts';

export type RepeatOptions = {
  /** For the log. */
  readonly name: string;
  /** Milliseconds from the end of one run to the beginning of the next. */
  readonly intervalMs: number;
  /** Milliseconds before the first run; by default none. */
  readonly delayMs?: number;
  readonly log: Logger;
};

/**
 * Does the work again and again with a pause between, one run at a time. Disposing of it aborts the signal, for work that
 * can stop halfway, and waits for the run under way.
 */
export function repeat(
  { name, intervalMs, delayMs = 0, log }: RepeatOptions,
  work: (signal: AbortSignal) => Promise<void>,
): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined;
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  const run = async () => {
    try {
      await work(stop.signal);
    } catch (error) {
      // What is not done now is done by the next run.
      log.warn({ err: error }, `${name}: failed, and is tried again`);
    }
    if (!stop.signal.aborted) timer = setTimeout(start, intervalMs);
  };
  const start = () => {
    running = run();
  };
  if (delayMs === 0) start();
  else timer = setTimeout(start, delayMs);
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
