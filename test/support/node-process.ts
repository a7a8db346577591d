/** The product in a process of its own, with fields that wait, hang and compute. Its parent tells it its parts and is told its address. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../src/app.ts';
import { requireComplete } from '../../src/config.ts';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { run, toAppOptions } from '../../src/process.ts';

export type NodeParts = {
  readonly drainMs: number;
  readonly pool: { readonly endpoint: string; readonly keySetUrl: string };
};

const FIELDS = `extend type Query {
  wait(ms: Int!): Int @auth
  hang: Int @auth
  compute(ms: Int!): Int @auth
}`;

function compute(ms: number): number {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
}

const Query = {
  wait: (_: unknown, { ms }: { readonly ms: number }) => sleep(ms, ms),
  hang: () => new Promise(() => undefined),
  compute: (_: unknown, { ms }: { readonly ms: number }) => compute(ms),
};

await run(async (config) => {
  const parts: NodeParts = JSON.parse(process.argv[2] ?? '');
  const options = await toAppOptions(requireComplete(config));
  const typeDefs = [...loadTypeDefs(join(import.meta.dirname, '..', '..', 'schema')), FIELDS];
  const app = await createApp(
    { ...options, port: 0, drainMs: parts.drainMs, userPool: { ...options.userPool, local: parts.pool } },
    { schema: { typeDefs, resolvers: [...resolvers, { Query }] } },
  );
  process.send?.(app.url);
  return app;
});
