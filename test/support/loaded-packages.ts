/** Run by Node: the product from its first import to its end, with this environment. Prints every package it loaded. */
import { registerHooks } from 'node:module';

const loaded = new Set<string>();
registerHooks({
  load: (url, context, next) => {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});

const { createApp } = await import('../../src/app.ts');
const { readConfig, requireComplete } = await import('../../src/config.ts');
const { toAppOptions } = await import('../../src/process.ts');

const app = await createApp({ ...(await toAppOptions(requireComplete(readConfig(process.env)))), port: 0 });
await fetch(`${app.url}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"query":"{ health { status } }"}',
});
await app.close();
process.stdout.write(JSON.stringify([...loaded]));
process.exit();
