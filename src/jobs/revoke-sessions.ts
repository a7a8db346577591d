import type { Logger } from '../observability/logger.ts';
import { repeat } from './repeat.ts';

type Options = { readonly browsers: { revokeEnded(): Promise<void> }; readonly log: Logger };

const INTERVAL_MS = 2_000;

/** Tells the pool of browsers' sessions that have ended, wherever that was. */
export function revokeSessions({ browsers, log }: Options): AsyncDisposable {
  const times = { intervalMs: INTERVAL_MS, delayMs: INTERVAL_MS };
  return repeat({ name: 'revoking of ended sessions', ...times, log }, () => browsers.revokeEnded());
}
