import { type GraphQLInputType, type GraphQLSchema, getNamedType, isInputObjectType, isLeafType } from 'graphql';
import type { DeclaredField, DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';
import { possibleNames, possibleRules, sharedClauses } from '../returned-clauses.ts';
import { type Clause, clausesBeyond, type Rule, toRule } from '../rule.ts';

type Graph = {
  readonly schema: GraphQLSchema;
  readonly types: ReadonlyMap<string, DeclaredType>;
  readonly rules: ReadonlyMap<string, Rule>;
};

type Input = { readonly name: string; readonly type: GraphQLInputType };

/** A value rows may be found by, and all that reading it asks for. */
type Compared = { readonly coordinate: string; readonly clauses: readonly Clause[] };

/** Arguments that say how many rows, and not which. Relay Cursor Connections. */
const PAGING = ['first', 'after', 'last', 'before'];

/**
 * Who may not read a field may not find or order rows by it: a field that returns rows asks for all that its arguments may
 * compare. One named after a field of the rows compares that field; any other may compare whatever the rows show, and
 * the objects they lead to. Mutations are left out: their arguments say what to write.
 */
export function checkFilters(
  schema: GraphQLSchema,
  objects: readonly DeclaredType[],
  rules: ReadonlyMap<string, Rule>,
  report: Report,
): void {
  const graph = { schema, types: new Map(objects.map((declared) => [declared.type.name, declared])), rules };
  for (const declared of objects.filter(({ type }) => type !== schema.getMutationType())) {
    for (const field of declared.fields) checkArguments(graph, declared, field, report);
  }
}

function checkArguments(graph: Graph, parent: DeclaredType, declared: DeclaredField, report: Report): void {
  const { coordinate, field } = declared;
  const asked = toRule([...typeClauses(graph, parent), ...fieldClauses(graph, declared)]);
  const rows = rowsOf(graph, possibleNames(graph.schema, field.type));
  for (const path of filtersOf(declared)) {
    const name = path.at(-1) ?? '';
    const compared = rows.flatMap((row) => comparedBy(graph, name, row));
    for (const { coordinate: value, clauses } of compared) {
      const [missing] = clausesBeyond(clauses, asked);
      const advice = 'ask for it here too, or name the argument after the one field it compares';
      if (missing)
        report(`${coordinate}(${path.join('.')}:)`, `may compare ${value}, ruled ${missing.text}; ${advice}`);
    }
  }
}

/** The paths to every single value among the arguments, but for paging and the tenant, which has a rule of its own. */
function filtersOf({ field, scope }: DeclaredField): readonly (readonly string[])[] {
  const tenant = scope?.argument?.join('.');
  const filters = field.args.filter(({ name }) => !PAGING.includes(name));
  return filters.flatMap((arg) => leavesOf(arg, [])).filter((path) => path.join('.') !== tenant);
}

function leavesOf({ name, type }: Input, above: readonly Input[]): readonly (readonly string[])[] {
  const input = getNamedType(type);
  const path = [...above.map((step) => step.name), name];
  if (!isInputObjectType(input)) return [path];
  const isRepeated = above.some((step) => getNamedType(step.type) === input);
  const fields = isRepeated ? [] : Object.values(input.getFields());
  return fields.flatMap((inner) => leavesOf(inner, [...above, { name, type }]));
}

/** The types whose rows lie in what a field returns: those of a page, for a page. */
function rowsOf(graph: Graph, names: readonly string[], seen: readonly string[] = []): readonly DeclaredType[] {
  return names.flatMap((name) => {
    const declared = graph.types.get(name);
    if (!declared || seen.includes(name)) return [];
    if (!declared.inherits) return [declared];
    const held = declared.fields.flatMap(({ field }) => possibleNames(graph.schema, field.type));
    return rowsOf(graph, [...new Set(held)], [...seen, name]);
  });
}

function comparedBy(graph: Graph, name: string, row: DeclaredType): readonly Compared[] {
  const named = row.fields.filter(({ field }) => field.name === name);
  if (named.length > 0) return named.map((field) => toCompared(graph, row, field, []));
  return row.fields.flatMap((field) => {
    const step = toCompared(graph, row, field, []);
    const reached = possibleNames(graph.schema, field.field.type).flatMap((type) => graph.types.get(type) ?? []);
    return [step, ...reached.flatMap((type) => valuesOf(graph, type, step))];
  });
}

function valuesOf(graph: Graph, type: DeclaredType, { clauses }: Compared): readonly Compared[] {
  const values = type.fields.filter(({ field }) => isLeafType(getNamedType(field.type)));
  return values.map((value) => toCompared(graph, type, value, clauses));
}

function toCompared(graph: Graph, type: DeclaredType, field: DeclaredField, reaching: readonly Clause[]): Compared {
  const clauses = [...reaching, ...typeClauses(graph, type), ...fieldClauses(graph, field)];
  return { coordinate: field.coordinate, clauses };
}

function typeClauses({ rules }: Graph, { type }: DeclaredType): readonly Clause[] {
  return rules.get(type.name)?.allOf ?? [];
}

function fieldClauses({ schema, rules }: Graph, { field, clause }: DeclaredField): readonly Clause[] {
  return [...(clause ? [clause] : []), ...sharedClauses(possibleRules(schema, field.type, rules))];
}
