/** The product in a process of its own, with fields that wait, hold, block and compute. Started by start-node.ts. */
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
  /** The drain goes on until the parent sends `endDrain`, and for `drainMs` after that. */
  readonly holdsDrain: boolean;
  readonly timings: AppTimings;
  readonly pool: { readonly endpoint: string; readonly keySetUrl: string };
  /** A file descriptor: `block` reads one byte from it, and blocks this process until there is one. */
  readonly blockFd: number;
};

/** Sent to the parent: the drain has begun, a request for `hold` is under way, a request for `block` is under way. */
export type NodeEvent = 'draining' | 'holding' | 'blocking';

/** Sent by the parent: the drain may end, every `hold` is answered. */
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
// The parent is gone: nobody would stop this process.
process.once('disconnect', () => process.exit());

const send = (event: NodeEvent) => process.send?.(event);

async function hold(): Promise<number> {
  const released = once(orders, 'release');
  send('holding');
  await released;
  return 0;
}

function block(): number {
  send('blocking');
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
  send('draining');
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
