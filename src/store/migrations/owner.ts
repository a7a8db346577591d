import pg from 'pg';
import { StartupError } from '../../errors.ts';

/** "tenantry": one number for whoever changes tables or grants, so that they take turns in a database. */
const TURN = 0x74_65_6e_61;

/**
 * Connects as the owner, waits for its turn, and runs `use`. One owner at a time works on a database; the lock is held
 * by session, so the URL must lead to PostgreSQL itself, not through a pooler in transaction mode. Whatever goes wrong
 * is a StartupError with the server's message; the URL and its password are never part of it.
 */
export async function withOwner<T>(ownerUrl: string, use: (owner: pg.Client) => Promise<T>): Promise<T> {
  try {
    const owner = new pg.Client({ connectionString: ownerUrl });
    owner.on('error', () => undefined); // a lost connection fails the next query, which tells of it
    await owner.connect();
    try {
      await owner.query('select pg_advisory_lock($1)', [TURN]);
      return await use(owner);
    } finally {
      await owner.end();
    }
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`The database could not be prepared: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  // A refused connection to several addresses is an AggregateError without a message of its own.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
