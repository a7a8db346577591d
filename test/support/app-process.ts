import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AppOptions, AppTimings } from '../../src/app.ts';
import { COMPILE_CACHE } from './compile-cache.ts';
import { toOverrides } from './product.ts';

/** What can be told to another process. */
export type AppProcessOptions = Omit<AppOptions, 'log'>;

/** The message that app-process-main.ts waits for. */
export type AppProcessParts = { readonly options: AppProcessOptions; readonly timings: AppTimings };

export type AppProcess = AsyncDisposable & {
  readonly url: string;
  /** Ends it as a power cut would: nothing is told to it, and nothing finished. */
  kill(): Promise<void>;
};

/** The product in a process of its own, which ends with this one at the latest. */
export async function startAppProcess(options: AppProcessOptions, timings: AppTimings = {}): Promise<AppProcess> {
  const env = { ...process.env, ...COMPILE_CACHE };
  const child = fork(new URL('./app-process-main.ts', import.meta.url), { env });
  const gone = once(child, 'exit');
  const parts: AppProcessParts = { options, timings: { ...toOverrides({ timings }).timings } };
  child.send(parts);
  const [url] = await Promise.race([once(child, 'message'), gone.then(() => [])]);
  if (typeof url !== 'string') throw new Error('the process ended before it listened');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  return { url, kill, [Symbol.asyncDispose]: kill };
}
