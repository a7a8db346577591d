import type { Matrix } from '../../src/access/matrix.ts';
import type { AccessPlan, FieldAccess, TypeAccess } from '../../src/access/plan.ts';
import type { RuleSource } from '../../src/access/rule-source.ts';
import { toSections } from './sections.ts';

const INTRO = `# Access matrix

Who gets what of every field, computed from the rules in the schema by \`npm run access:matrix\`; the same for machines is in
[access-matrix.json](access-matrix.json). A test fails while the two are not what the schema says.

| | what the caller gets |
|---|---|
| yes | The field, on every row there is. |
| own tenant | Rows of the tenant that the token names, and nothing of any other. |
| own rows | Rows of the caller's own memberships, in whichever tenant; of users, the caller's own profile. |
| own tenant, own rows | Both: neither is part of the other. |
| step-up | Nothing before a new or stronger sign-in. The callers here signed in long ago, without a second factor. |
| no | A refusal, or no path: nothing this caller may ask leads to the type. |

- Rows are reached through paths: a cell says the widest that some path gives.
- A user without a tenant is refused (\`TENANT_REQUIRED\`) where a tenant is needed: \`no\`. Platform admins have none here; with
  one, they get beside this what their role in it gets.
- What somebody does not have is answered empty, not refused: a machine's \`own rows\`, \`own tenant\` without a tenant.
- An argument that names a tenant is taken to name the caller's own; any other is \`NOT_FOUND\`, save for platform admins.
- To anonymous callers every \`no\` is the same 401.
- What no token says is judged by the verb itself: nobody acts on a rank above their own, and an owner always remains.
`;

/** The matrix for people. */
export function toMatrixPage(plan: AccessPlan, matrix: Matrix): string {
  const sections = toSections(plan).map((type) => toSection(plan.fieldsOf(type.name), type, matrix));
  return [INTRO, ...sections].join('\n');
}

function toSection(fields: readonly FieldAccess[], type: TypeAccess, { columns, cells }: Matrix): string {
  const rows = fields.map((access) => [
    `\`${access.coordinate.slice(type.name.length + 1)}\``,
    ...(cells.get(access.coordinate) ?? []),
    toWritten(access.sources, access.coordinate),
  ]);
  const head = ['field', ...columns.map(({ title }) => title), 'rule of the field'];
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return `## ${type.name}\n\n${toTypeRule(type)}${lines.join('\n')}\n`;
}

function toTypeRule({ name, inherits, sources }: TypeAccess): string {
  if (inherits) return 'Read under the rule and the reach of the field that returns it.\n\n';
  const written = toWritten(sources, name);
  return written === '' ? '' : `Rule of the type: ${written}\n\n`;
}

// A pipe would end the cell.
function toWritten(sources: readonly RuleSource[], coordinate: string): string {
  const rules = sources.filter((source) => source.coordinate === coordinate).map(({ rule }) => `\`${rule}\``);
  return rules.join(' ').replaceAll(' | ', '` or `');
}
