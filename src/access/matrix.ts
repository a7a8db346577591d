import type { Principal } from '../identity/principal.ts';
import { type Column, toColumns } from './matrix-columns.ts';
import { toFieldView, toTypeView, type View } from './matrix-view.ts';
import type { AccessPlan } from './plan.ts';
import type { Registry } from './registry.ts';

/** What one kind of caller gets of one field. `no`: refused, or of a type to which no path leads him. */
export type Cell = 'yes' | 'own tenant' | 'own rows' | 'own tenant, own rows' | 'step-up' | 'no';

export type Matrix = {
  readonly columns: readonly Column[];
  /** Of each field, by its coordinate, a cell for each column. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
};

/**
 * Who gets what of every field, by the plan alone: the rule decides whether, and the paths from Query and Mutation that
 * this caller may go decide whose rows. Domain rules (ranks, the last owner) are no part of it.
 */
export function toMatrix(plan: AccessPlan, registry: Registry): Matrix {
  const columns = toColumns(registry);
  const views = columns.map(({ principal }) => findViews(plan, principal));
  const toCells = (coordinate: string) => views.map((found) => toCell(found.get(coordinate)));
  return { columns, cells: new Map(plan.fields.map(({ coordinate }) => [coordinate, toCells(coordinate)])) };
}

/** Every view of every field that the caller can come to. */
function findViews(plan: AccessPlan, principal: Principal | null): ReadonlyMap<string, ReadonlySet<View>> {
  const found = new Map<string, Set<View>>();
  const visit = (typeName: string, from: View) => {
    for (const access of plan.fieldsOf(typeName)) {
      const view = toFieldView(plan, access, from, principal);
      const known = found.get(access.coordinate) ?? new Set();
      // What lies below depends on the view alone, so each is followed once.
      if (view === null || known.has(view)) continue;
      found.set(access.coordinate, known.add(view));
      for (const name of access.returns) {
        const below = toTypeView(plan, name, view, principal);
        if (below !== null) visit(name, below);
      }
    }
  };
  visit('Query', 'OPEN');
  visit('Mutation', 'OPEN');
  return found;
}

/** The widest views are what the caller gets; the own tenant and the own rows are neither part of the other. */
function toCell(views: ReadonlySet<View> = new Set()): Cell {
  if (views.has('OPEN') || views.has('PLATFORM')) return 'yes';
  if (views.has('TENANT')) return views.has('SELF') ? 'own tenant, own rows' : 'own tenant';
  if (views.has('SELF')) return 'own rows';
  return views.has('STEP_UP') ? 'step-up' : 'no';
}
