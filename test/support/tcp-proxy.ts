import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type TcpProxy = AsyncDisposable & {
  /** The address with the proxy in place of the host behind it. */
  readonly url: string;
  /** Ends every connection and takes no more, as a host does that went down. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** A way to `target` that can be cut and restored. It begins open. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: ownPort } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const url = Object.assign(new URL(target), { host: `127.0.0.1:${ownPort}` }).href;
  return { url, stop, start: () => listen(ownPort), [Symbol.asyncDispose]: stop };
}
