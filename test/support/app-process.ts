import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AppOptions } from '../../src/app.ts';

/** What can be told to another process. */
export type AppProcessOptions = Omit<AppOptions, 'log'>;

export type AppProcess = AsyncDisposable & {
  readonly url: string;
  /** Ends it as a power cut would: nothing is told to it, and nothing finished. */
  kill(): Promise<void>;
};

/** The product in a process of its own, which ends with this one at the latest. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const child = fork(new URL('./app-process-main.ts', import.meta.url));
  const gone = once(child, 'exit');
  child.send(options);
  const [url] = await Promise.race([once(child, 'message'), gone.then(() => [])]);
  if (typeof url !== 'string') throw new Error('the process ended before it listened');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  return { url, kill, [Symbol.asyncDispose]: kill };
}
