import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type StoreProxy = AsyncDisposable & {
  /** The URL given, leading through the proxy. */
  readonly url: string;
  /** Who spoke since the last call, a letter for each turn: `c` for the client, `s` for the server. */
  takeTurns(): string;
  /** From now on nothing the server says arrives, and no connection closes. */
  stall(): void;
  /** Resets every connection there is. New ones are taken. */
  cut(): void;
};

/** Stands between the store and its server, hears who speaks, and can make the server fall silent or the network break. */
export async function startStoreProxy(url: string): Promise<StoreProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let turns = '';
  let isStalled = false;
  const note = (speaker: 'c' | 's') => {
    if (!turns.endsWith(speaker)) turns += speaker;
  };

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.on('data', (chunk) => {
      note('c');
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      note('s');
      if (!isStalled) client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
    url: Object.assign(new URL(url), { port: (server.address() as AddressInfo).port }).href,
    takeTurns: () => {
      const taken = turns;
      turns = '';
      return taken;
    },
    stall: () => {
      isStalled = true;
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
      sockets.clear();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
