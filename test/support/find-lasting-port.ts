import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ranges that Linux and macOS take the ports of connections and of port 0 from.
const [LOWEST, HIGHEST] = [20_000, 30_000];

/**
 * A port of 127.0.0.1 nobody listens on, and which the system gives nobody by itself: a process that ends and starts again
 * finds it free, whatever other tests open meanwhile.
 */
export async function findLastingPort(): Promise<number> {
  const port = randomInt(LOWEST, HIGHEST);
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return findLastingPort();
  server.close();
  await once(server, 'close');
  return port;
}
