import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PrometheusMetrics } from '../observability/prometheus.ts';

export type MetricsServer = AsyncDisposable & {
  /** Where `GET /metrics` is answered, and nothing else. */
  readonly url: string;
};

/** A listener of its own, for a port that stays inside the network: figures are for operators, not for clients. */
export async function startMetricsServer(
  metrics: PrometheusMetrics,
  address: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end();
    if (request.method !== 'GET') return response.writeHead(405, { allow: 'GET' }).end();
    return response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.expose());
  });
  await listen(server, address);
  // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
  const { port } = server.address() as AddressInfo;
  const { host } = address;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/metrics`,
    [Symbol.asyncDispose]: () => close(server),
  };
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
