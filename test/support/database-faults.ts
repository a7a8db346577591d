import pg from 'pg';
import type { FaultyServer } from './faulty-server.ts';

/** Something that can happen to a database, and how it ends. */
export type DatabaseFault = {
  readonly name: string;
  /** What /readyz is to say meanwhile: a node that can read is ready. Null where it may be either. */
  readonly readiness: 200 | 503 | null;
  /** Resolves to what ends it. `refused` resolves once a caller has been refused since. */
  begin(server: FaultyServer, refused: () => Promise<void>): Promise<() => Promise<void>>;
};

export const DATABASE_FAULTS: readonly DatabaseFault[] = [
  {
    name: 'stopped',
    readiness: 503,
    begin: async (server) => {
      await server.stop('SIGINT');
      return server.start;
    },
  },
  {
    name: 'killed',
    readiness: 503,
    begin: async (server) => {
      await server.stop('SIGKILL');
      return server.start;
    },
  },
  {
    name: 'restarted',
    readiness: 200,
    begin: async (server, refused) => {
      await server.stop('SIGINT');
      await refused();
      await server.start();
      return async () => undefined;
    },
  },
  {
    name: 'frozen',
    readiness: 503,
    begin: async (server) => {
      await server.freeze();
      return server.thaw;
    },
  },
  {
    name: 'gone without a word',
    readiness: 503,
    begin: async ({ proxy }) => {
      proxy.freeze();
      return async () => proxy.forget();
    },
  },
  {
    name: 'out of connections',
    readiness: 503,
    begin: (server) => alter(server, 'connection limit 0', 'connection limit -1'),
  },
  {
    name: 'read-only',
    readiness: 200,
    begin: (server) => alter(server, 'set default_transaction_read_only = on', 'reset default_transaction_read_only'),
  },
  {
    name: 'slow',
    readiness: null,
    // Whoever reads the table waits until his statement is cancelled.
    begin: async (server) => {
      const owner = await connect(server);
      await owner.query('begin');
      await owner.query('lock table users in access exclusive mode');
      return () => owner.end();
    },
  },
];

async function connect(server: FaultyServer): Promise<pg.Client> {
  const owner = new pg.Client({ connectionString: server.ownerUrl() });
  await owner.connect();
  return owner;
}

/** Changes the database for connections to come, and ends those there are. */
async function alter(server: FaultyServer, begin: string, end: string): Promise<() => Promise<void>> {
  const owner = await connect(server);
  const database = pg.escapeIdentifier(owner.database ?? '');
  await owner.query(`alter database ${database} ${begin}`);
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return async () => {
    await owner.query(`alter database ${database} ${end}`);
    await owner.end();
  };
}
