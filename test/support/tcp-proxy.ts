import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type TcpProxy = AsyncDisposable & {
  /** The address with the proxy in place of the host behind it. */
  readonly url: string;
  /** Leads new connections to another address. */
  lead(target: string): void;
  /** Ends every connection and takes no more, as a host does that went down. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Takes connections and keeps them, and lets no byte through, as a host does that froze. */
  freeze(): void;
  /** Lets through what has been held back and all that follows. */
  thaw(): void;
  /** Lets new connections through; over those of now nothing will ever be heard again, not even their end. */
  forget(): void;
};

type Pair = { readonly near: Socket; readonly far: Socket };

/** A way to `target` that can be cut and restored. It begins open. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  let { hostname, port } = new URL(target);
  let isFrozen = false;
  const pairs = new Set<Pair>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair = { near, far };
    pairs.add(pair);
    for (const socket of [near, far]) {
      socket
        .on('error', () => {})
        .on('close', () => {
          pairs.delete(pair);
          near.destroy();
          far.destroy();
        });
    }
    if (!isFrozen) join(pair);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: ownPort } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
    });
  return {
    url: Object.assign(new URL(target), { host: `127.0.0.1:${ownPort}` }).href,
    lead: (to) => {
      ({ hostname, port } = new URL(to));
    },
    stop,
    start: () => listen(ownPort),
    freeze: () => {
      isFrozen = true;
      pairs.forEach(part);
    },
    thaw: () => {
      isFrozen = false;
      pairs.forEach(join);
    },
    forget: () => {
      isFrozen = false;
      pairs.forEach(part);
    },
    [Symbol.asyncDispose]: stop,
  };
}

function join({ near, far }: Pair): void {
  near.pipe(far).pipe(near);
}

/** A socket that is neither piped nor read says nothing of its end either. */
function part({ near, far }: Pair): void {
  for (const socket of [near, far]) socket.unpipe().pause();
}
