import type { Telemetry } from '../observability/telemetry.ts';
import { withSpan } from '../observability/tracing.ts';
import type { Database } from './database.ts';
import type { Scope } from './scope.ts';

/** The same database, with each query and transaction timed and traced by name and reach. Its values are never told. */
export function observeDatabase(database: Database, { metrics, tracer }: Telemetry): Database {
  const { pool } = database;
  metrics.watchConnections(() => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }));
  const observe = async <Result>(name: string, { reach }: Scope, work: () => Promise<Result>): Promise<Result> => {
    const begun = performance.now();
    // OpenTelemetry semantic conventions, database client spans.
    const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': name, 'tenantry.reach': reach };
    try {
      return await withSpan(tracer, name, { kind: 'client', attributes }, work);
    } finally {
      metrics.query(reach, (performance.now() - begun) / 1000);
    }
  };
  return {
    ...database,
    query: (scope, statement, values) => observe(statement.name, scope, () => database.query(scope, statement, values)),
    transaction: (scope, run) => observe('transaction', scope, () => database.transaction(scope, run)),
  };
}
