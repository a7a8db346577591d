import { startChild } from '../../../bench/support/child.ts';
import { startProduct, toOptions } from '../product.ts';
import { findDamage } from './damage.ts';
import type { NodeOrder, NodeReport } from './node.ts';
import { addTeams } from './world.ts';

export type InterleavingOptions = {
  /** GraphQL operations over HTTP that are answered right, all nodes together. */
  readonly operations: number;
  /** Seconds between two lines of progress; 0 for none. */
  readonly progressSeconds: number;
};

export type InterleavingReport = {
  readonly nodes: readonly NodeReport[];
  /** What stands in the database afterwards and must not. */
  readonly damage: readonly string[];
};

const TENANTS = 20;
// So few that they pass from tenant to tenant all the time.
const CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 150;

const NODES = [
  { name: 'statements prepared', preparedStatements: true },
  { name: 'statements unprepared', preparedStatements: false },
];

/** Lets 20 tenants ask two nodes on one database at once, while statements fail, clients hang up and sessions are ended. */
export async function interleave({ operations, progressSeconds }: InterleavingOptions): Promise<InterleavingReport> {
  await using parts = new AsyncDisposableStack();
  const product = parts.use(await startProduct());
  const teams = await addTeams(product, TENANTS);
  const { log: _, ...app } = toOptions(product.pool, product.database);
  const orders = NODES.map(({ name, preparedStatements }) => ({
    name,
    app: {
      ...app,
      database: {
        ...app.database,
        poolSize: CONNECTIONS,
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        preparedStatements,
      },
    },
    ownerUrl: product.database.ownerUrl,
    teams,
    operations: Math.ceil(operations / NODES.length),
    progressSeconds,
  }));
  const run = (order: NodeOrder) => parts.use(startChild(import.meta.resolve('./node.ts'))).ask<NodeReport>(order);
  const nodes = await Promise.all(orders.map(run));
  return { nodes, damage: await findDamage(product, teams) };
}
