import type { Scope } from './scope.ts';

const STAMP = Symbol('tenantry.scope');

type Stamped = { [STAMP]?: Scope };

/** Marks a row with the scope it was read under. The store does this to every row it hands out. */
export function stampRow<Row extends object>(row: Row, scope: Scope): Row {
  (row as Stamped)[STAMP] = scope;
  return row;
}

/** The scope a row was read under; undefined for an object that did not come from the store. */
export function stampOf(row: object): Scope | undefined {
  return (row as Stamped)[STAMP];
}
