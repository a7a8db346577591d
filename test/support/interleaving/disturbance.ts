import pg from 'pg';

/** What is done to the product's connections from outside. */
export type Disturbance = AsyncDisposable & {
  /** Ends one of the product's sessions, whatever it is doing; soon, and without being waited for. */
  killOne(): void;
  /** Locks the tenant's row until what it gives is called. */
  lock(tenantId: string): Promise<() => Promise<void>>;
  readonly killed: () => number;
};

// The name the store's connections go by (src/store/database.ts).
const KILL = `select pg_terminate_backend(pid) as killed from (
  select pid from pg_stat_activity where datname = current_database() and application_name = 'tenantry' order by random() limit 1
) one`;

/** `ownerUrl`: signs in as whoever may end the product's sessions. */
export function createDisturbance(ownerUrl: string): Disturbance {
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 4 });
  const kills = new Set<Promise<void>>();
  let killed = 0;
  const kill = async () => {
    const { rows } = await owner.query<{ readonly killed: boolean }>(KILL);
    killed += rows.filter((row) => row.killed).length;
  };
  return {
    killOne: () => {
      const killing = kill().finally(() => kills.delete(killing));
      kills.add(killing);
    },
    lock: async (tenantId) => {
      const client = await owner.connect();
      await client.query('begin');
      await client.query('select id from tenants where id = $1 for update', [tenantId]);
      return async () => {
        await client.query('rollback');
        client.release();
      };
    },
    killed: () => killed,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(kills);
      await owner.end();
    },
  };
}
