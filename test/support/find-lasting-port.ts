import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ranges from which Linux and macOS assign ports to connections and to port 0.
const [LOWEST, HIGHEST] = [20_000, 30_000];

/**
 * A port of 127.0.0.1 that nobody listens on, and that the system does not assign by itself: it is still free when a process
 * that used it starts again, whatever other tests open meanwhile.
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
