import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Mode = 'up' | 'slow' | 'down';

/** Where a pool publishes its keys, and how often it was asked. */
export type KeyEndpoint = AsyncDisposable & {
  readonly url: string;
  fetches(): number;
  set(mode: Mode): void;
};

const SLOW_MS = 2_000;

export async function startKeyEndpoint(document: string): Promise<KeyEndpoint> {
  let mode: Mode = 'up';
  let fetches = 0;
  const server = createServer((request, reply) => {
    fetches += 1;
    if (mode === 'down') request.socket.destroy();
    else setTimeout(() => reply.end(document), mode === 'slow' ? SLOW_MS : 0);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    fetches: () => fetches,
    set: (next) => {
      mode = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
