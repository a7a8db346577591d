import type { EventEmitter } from 'node:events';
import type pg from 'pg';

// 25006, read_only_sql_transaction.
const READ_ONLY = '25006';

/**
 * Replaces every connection once one of them refuses a write for being read-only. A session keeps what it was told when it
 * began, and leads to the host that was the primary then: after a failover, writes would go on failing over it for ever.
 * A connection younger than `minAgeMs` shows how the server is now: replacing it would change nothing.
 */
export function dropReadOnly(pool: pg.Pool, minAgeMs: number): void {
  const begunAt = new Map<pg.PoolClient, number>();
  const stale = new WeakSet<pg.PoolClient>();
  const markAll = () => {
    const now = performance.now();
    for (const [client, begun] of begunAt) if (now - begun > minAgeMs) stale.add(client);
  };
  pool.on('connect', (client) => {
    begunAt.set(client, performance.now());
    connectionOf(client).on('errorMessage', ({ code }: { readonly code?: string }) => {
      if (code === READ_ONLY) markAll();
    });
  });
  // A client that has been ended is not taken back: the pool looks after it has told of the release.
  pool.on('release', (_error, client) => {
    if (stale.has(client)) void client.end();
  });
  pool.on('remove', (client) => begunAt.delete(client));
}

// pg's typings leave out the connection under a client, which says each message of the server as an event.
function connectionOf(client: pg.PoolClient): EventEmitter {
  return (client as unknown as { readonly connection: EventEmitter }).connection;
}
