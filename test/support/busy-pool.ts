import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type BusyPool = AsyncDisposable & {
  readonly endpoint: string;
  /** When each request came, in milliseconds on the clock of `performance.now`, and what it was answered. */
  readonly asked: readonly { readonly at: number; readonly operation: string; readonly status: number }[];
};

export type BusyPoolOptions = {
  /** What it answers a request, by operation. */
  readonly answer?: (operation: string) => object;
  /** Which requests are too many for it, by their place in the order they come; by default none is. */
  readonly isTooMany?: (index: number) => boolean;
};

/** Cognito's API where it is about too many requests, and nothing else. */
export async function startBusyPool({
  answer = () => ({}),
  isTooMany = () => false,
}: BusyPoolOptions = {}): Promise<BusyPool> {
  const asked: { at: number; operation: string; status: number }[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const status = isTooMany(asked.length) ? 400 : 200;
    asked.push({ at: performance.now(), operation, status });
    const body = status === 200 ? answer(operation) : TOO_MANY;
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
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

const TOO_MANY = { __type: 'TooManyRequestsException', message: 'Rate exceeded' };
