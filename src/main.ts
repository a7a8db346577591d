import { createApp } from './app.ts';
import { requireComplete } from './config.ts';
import { run, toAppOptions } from './process.ts';

await run(async (config) => {
  const options = await toAppOptions(requireComplete(config));
  const app = await createApp(options);
  options.log.info({ url: app.url }, 'listening');
  return app;
});
