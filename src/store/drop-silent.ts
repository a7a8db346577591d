import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Destroys a connection in use over which nothing has been heard or said for `silentMs`, so that whoever waits on it gets
 * an error and the pool gets its place back. PostgreSQL cancels what takes too long; a host that froze or went away says
 * nothing at all, and TCP itself would wait for minutes.
 */
export function dropSilent(pool: pg.Pool, silentMs: number): void {
  pool.on('connect', (client) => {
    const socket = socketOf(client);
    socket.on('timeout', () => socket.destroy(new Error(`no answer within ${silentMs} ms`)));
  });
  pool.on('acquire', (client) => socketOf(client).setTimeout(silentMs));
  pool.on('release', (_error, client) => socketOf(client).setTimeout(0));
}

// pg's typings leave out the connection under a client; the pool tells of clients that are connected, so it has its socket.
function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;
}
