/** The product in a process of its own, with fields that wait, hold, block and compute. start-node.ts starts and leads it. */
import { EventEmitter, once } from 'node:events';
import { readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type AppTimings, createApp } from '../../src/app.ts';
import { requireComplete } from '../../src/config.ts';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { run, toAppOptions } from '../../src/process.ts';

export type NodeParts = {
  readonly drainMs: number;
  /** The drain begins anew when the parent says `endDrain`, and ends not before. */
  readonly holdsDrain: boolean;
  readonly timings: AppTimings;
  readonly pool: { readonly endpoint: string; readonly keySetUrl: string };
  /** A file descriptor: `block` is over when a byte can be read from it. */
  readonly blockFd: number;
};

/** What a node tells its parent beside its address: it drains; `hold` is under way; `block` is under way. */
export type NodeEvent = 'draining' | 'holding' | 'blocking';

/** What a parent tells its node: the drain may end; `hold` is over. */
export type NodeOrder = 'endDrain' | 'release';

const FIELDS = `extend type Query {
  wait(ms: Int!): Int @auth
  hold: Int @auth
  block: Int @auth
  compute(ms: Int!): Int @auth
}`;

const parts: NodeParts = JSON.parse(process.argv[2] ?? '');
const orders = new EventEmitter<Record<NodeOrder, []>>();
process.on('message', (order: NodeOrder) => orders.emit(order));

const tell = (event: NodeEvent) => process.send?.(event);

async function hold(): Promise<number> {
  const released = once(orders, 'release');
  tell('holding');
  await released;
  return 0;
}

function block(): number {
  tell('blocking');
  return readSync(parts.blockFd, new Uint8Array(1));
}

function compute(ms: number): number {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
}

const Query = {
  wait: (_: unknown, { ms }: { readonly ms: number }) => sleep(ms, ms),
  hold,
  block,
  compute: (_: unknown, { ms }: { readonly ms: number }) => compute(ms),
};

const drain = (app: App) => async () => {
  const ended = once(orders, 'endDrain');
  const drained = app.drain();
  tell('draining');
  await drained;
  if (!parts.holdsDrain) return;
  await ended;
  await app.drain();
};

await run(async (config) => {
  const options = await toAppOptions(requireComplete(config));
  const typeDefs = [...loadTypeDefs(join(import.meta.dirname, '..', '..', 'schema')), FIELDS];
  const app = await createApp(
    { ...options, port: 0, drainMs: parts.drainMs, userPool: { ...options.userPool, local: parts.pool } },
    { schema: { typeDefs, resolvers: [...resolvers, { Query }] }, timings: parts.timings },
  );
  process.send?.({ url: app.url });
  return { drain: drain(app), [Symbol.asyncDispose]: app.close };
});
