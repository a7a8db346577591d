import { z } from 'zod';
import type { Matrix } from '../../src/access/matrix.ts';
import type { AccessPlan, FieldAccess } from '../../src/access/plan.ts';
import { toSections } from './sections.ts';

export const MatrixJson = z.object({
  /** The keys of the cells, in their order. */
  columns: z.array(z.string()),
  fields: z.record(
    z.string(),
    z.object({
      /** All that is asked; `inherited` where nothing is but what the field asks that returns the type. */
      rule: z.string(),
      scope: z.string().nullable(),
      cells: z.record(z.string(), z.string()),
    }),
  ),
});

export type MatrixJson = z.infer<typeof MatrixJson>;

/** The matrix for machines: a line for each field, so that a change of one is a difference of one line. */
export function toMatrixJson(plan: AccessPlan, { columns, cells }: Matrix): string {
  const keys = columns.map(({ key }) => key);
  const toLine = ({ coordinate, rule, scope }: FieldAccess, inherits: boolean) => {
    const asked = rule.allOf.length === 0 && inherits ? 'inherited' : rule.text;
    const given = Object.fromEntries(keys.map((key, at) => [key, cells.get(coordinate)?.[at]]));
    const field = { rule: asked, scope: scope?.text ?? null, cells: given };
    return `    ${JSON.stringify(coordinate)}: ${JSON.stringify(field)}`;
  };
  const lines = toSections(plan).flatMap(({ name, inherits }) =>
    plan.fieldsOf(name).map((access) => toLine(access, inherits)),
  );
  return `{\n  "columns": ${JSON.stringify(keys)},\n  "fields": {\n${lines.join(',\n')}\n  }\n}\n`;
}
