import type { Logger } from '../observability/logger.ts';

export type RepeatOptions = {
  /** For the log. */
  readonly name: string;
  /** Milliseconds from the end of one run to the beginning of the next. */
  readonly intervalMs: number;
  readonly log: Logger;
};

/** Does the work now and again after each pause, one run at a time. Disposing of it waits for the run under way. */
export function repeat({ name, intervalMs, log }: RepeatOptions, work: () => Promise<void>): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running: Promise<void>;
  const run = async () => {
    try {
      await work();
    } catch (error) {
      // What is not done now is done by the next run.
      log.warn({ err: error }, `${name}: failed, and is tried again`);
    }
    if (!isStopped) timer = setTimeout(start, intervalMs);
  };
  const start = () => {
    running = run();
  };
  start();
  return {
    [Symbol.asyncDispose]: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
