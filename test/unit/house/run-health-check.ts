import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startProcess } from '../../support/start-process.ts';

/** How a container answers `path`; null closes the connection instead. */
type Health = { readonly path: string; readonly status: number | null };

type Container = {
  /** The port that the API listens on. */
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
};

/** As Docker reads them: 0 is healthy, 1 is not. */
const EXIT_CODES: readonly (readonly [status: Health['status'], code: number])[] = [
  [200, 0],
  [503, 1],
  [null, 1],
];

/**
 * True when the command tells a container that answers `path` with 200 from one that answers it with 503 and from one
 * that closes the connection. Every other path is answered with 404.
 */
export async function isHealthOf(path: string, command: readonly string[], container: Container): Promise<boolean> {
  for (const [status, code] of EXIT_CODES) {
    if ((await runHealthCheck(command, container, { path, status })) !== code) return false;
  }
  return true;
}

/** The exit code of the command. What it sends to the container's port reaches a server of the test. */
export async function runHealthCheck(
  [program, ...args]: readonly string[],
  container: Container,
  health: Health,
): Promise<number | null> {
  if (program !== 'node') throw new Error(`${program} is not a program of the image`);
  const server = createServer(({ url, socket }, response) => {
    if (health.status === null) socket.destroy();
    else response.writeHead(url === health.path ? health.status : 404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code } = await startProcess(['--import', redirect(container.port, port), ...args], container.environment);
  server.close();
  return code;
}

/** A module that sends requests for one port of this machine to another. */
function redirect(from: number, to: number): string {
  const origins = [from, to].map((port) => `'http://127.0.0.1:${port}/'`);
  const script = `const send = fetch; globalThis.fetch = (url) => send(url.replace(${origins.join()}));`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}
