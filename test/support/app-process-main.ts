/** Started by app-process.ts: takes the options, answers with the address. */
import { createApp } from '../../src/app.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { AppProcessOptions } from './app-process.ts';

process.once('disconnect', () => process.exit());
process.once('message', async (options) => {
  // What app-process.ts sent: the two ends of the channel are written together.
  const app = await createApp({ ...(options as AppProcessOptions), log: createLogger('silent') });
  process.send?.(app.url);
});
