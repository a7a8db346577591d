import type pg from 'pg';
import type { Scope } from '../../src/store/scope.ts';
import {
  scopedQuery as realScopedQuery,
  type ScopedQueryOptions,
  type Statement,
} from '../../src/store/scoped-query.ts';
import { stampRow } from '../../src/store/stamp.ts';
import { toWireText, type WireValue } from '../../src/store/wire-value.ts';

/**
 * In the place of src/store/scoped-query.ts, in a measured process alone: for callers, pg's own prepared query without a
 * scope, which is what a service pays that leaves isolation to its `where` clauses. What the product reads for itself at
 * its start goes the real way, for its login has no rights of its own yet.
 */
export async function scopedQuery<Row extends object>(
  pool: pg.Pool,
  options: ScopedQueryOptions,
  scope: Scope,
  statement: Statement,
  values: readonly WireValue[],
): Promise<Row[]> {
  if (scope.reach === 'SYSTEM') return realScopedQuery<Row>(pool, options, scope, statement, values);
  const { rows } = await pool.query<Row>({ ...statement, values: values.map(toWireText) });
  return rows.map((row) => stampRow(row, scope));
}
