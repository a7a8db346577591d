import type { AccessPlan, TypeAccess } from '../../src/access/plan.ts';

const ROOTS = ['Query', 'Mutation'];

/** The types of a plan as they are read: roots, nouns, and then what only holds them. By name, so that no file's order counts. */
export function toSections({ types }: AccessPlan): readonly TypeAccess[] {
  const roots = ROOTS.flatMap((root) => types.filter(({ name }) => name === root));
  const others = types.filter((type) => !roots.includes(type)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [...roots, ...others.filter(({ inherits }) => !inherits), ...others.filter(({ inherits }) => inherits)];
}
