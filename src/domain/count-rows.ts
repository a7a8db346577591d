import type { Database } from '../store/database.ts';
import type { Scope } from '../store/scope.ts';
import type { Statement } from '../store/scoped-query.ts';
import type { WireValue } from '../store/wire-value.ts';

/** The number a `select … as count` statement answers. */
export async function countRows(
  database: Pick<Database, 'query'>,
  scope: Scope,
  statement: Statement,
  values: readonly WireValue[] = [],
): Promise<number> {
  const [row] = await database.query<{ readonly count: number }>(scope, statement, values);
  if (row === undefined) throw new Error(`${statement.name}: no count`);
  return row.count;
}
