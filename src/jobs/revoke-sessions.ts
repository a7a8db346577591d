import type { Logger } from '../observability/logger.ts';
import { repeat } from './repeat.ts';

type Options = {
  readonly browsers: { revokeEnded(): Promise<void> };
  readonly everyMs: number;
  readonly log: Logger;
};

/** Tells the pool of browsers' sessions that have ended, wherever that was. */
export function revokeSessions({ browsers, everyMs, log }: Options): AsyncDisposable {
  const times = { intervalMs: everyMs, delayMs: everyMs };
  return repeat({ name: 'revoking of ended sessions', ...times, log }, () => browsers.revokeEnded());
}
