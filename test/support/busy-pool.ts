import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type BusyPool = AsyncDisposable & {
  readonly endpoint: string;
  /** When each request came, in milliseconds, and what it was answered. */
  readonly asked: readonly { readonly at: number; readonly operation: string; readonly status: number }[];
};

export type BusyPoolOptions = {
  /** Requests a second it answers; it tells the others that they are too many. */
  readonly perSecond: number;
  /** What it answers a request, by operation. */
  readonly answer?: (operation: string) => object;
};

/** Cognito's API where it is about too many requests, and nothing else. */
export async function startBusyPool({ perSecond, answer = () => ({}) }: BusyPoolOptions): Promise<BusyPool> {
  const asked: { at: number; operation: string; status: number }[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const at = performance.now();
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const lately = asked.filter((one) => one.status === 200 && one.at > at - 1_000).length;
    const isTooMany = lately >= perSecond;
    asked.push({ at, operation, status: isTooMany ? 400 : 200 });
    const body = isTooMany ? { __type: 'TooManyRequestsException', message: 'Rate exceeded' } : answer(operation);
    response.writeHead(isTooMany ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
