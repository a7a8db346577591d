/** Started by app-process.ts: takes the options, answers with the address. */
import { createApp } from '../../src/app.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { AppProcessParts } from './app-process.ts';

process.once('disconnect', () => process.exit());
process.once('message', async (parts) => {
  // What app-process.ts sent: the two ends of the channel are written together.
  const { options, timings } = parts as AppProcessParts;
  const app = await createApp({ ...options, log: createLogger('silent') }, { timings });
  process.send?.(app.url);
});
