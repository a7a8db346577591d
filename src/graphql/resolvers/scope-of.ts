import type { Scope } from '../../store/scope.ts';
import { stampOf } from '../../store/stamp.ts';

/** The scope a row was read under: what hangs on the row is read under the same, never a wider one. */
export function scopeOf(row: object): Scope {
  const scope = stampOf(row);
  if (scope === undefined) throw new Error('a row without a scope: it did not come from the store');
  return scope;
}
