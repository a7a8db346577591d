import { type GraphQLInputType, type GraphQLSchema, getNamedType, isEnumType, isInputObjectType } from 'graphql';
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

/** One value among the arguments, and the fields it may be named after. */
type Filter = { readonly path: string; readonly names: readonly string[] };

/** A value rows may be found by, and all that reading it asks for. */
type Compared = { readonly coordinate: string; readonly clauses: readonly Clause[] };

/** Arguments that say how many rows, and not which. Relay Cursor Connections. */
const PAGING = ['first', 'after', 'last', 'before'];

/**
 * Who may not read a field may not find or order rows by it: a field that returns rows asks for all that its arguments
 * compare. An argument compares what it is named after, in the rows or in an object they lead to; one that takes an enum,
 * what its values are named after. Mutations are left out: their arguments say what to write.
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
  for (const { path, names } of filtersOf(declared)) {
    for (const { coordinate: value, clauses } of rows.flatMap((row) => comparedBy(graph, names, row))) {
      const [missing] = clausesBeyond(clauses, asked);
      if (missing) report(`${coordinate}(${path}:)`, `compares ${value}, ruled ${missing.text}; ask for it here too`);
    }
  }
}

/** Every single value among the arguments, but for paging and the tenant, which has a rule of its own. */
function filtersOf({ field, scope }: DeclaredField): readonly Filter[] {
  const tenant = scope?.argument?.join('.');
  const filters = field.args.filter(({ name }) => !PAGING.includes(name));
  return filters.flatMap((argument) => leavesOf(argument, [])).filter(({ path }) => path !== tenant);
}

function leavesOf({ name, type }: Input, above: readonly Input[]): readonly Filter[] {
  const input = getNamedType(type);
  if (!isInputObjectType(input))
    return [{ path: [...above, { name }].map((step) => step.name).join('.'), names: namesIn({ name, type }, above) }];
  const isRepeated = above.some((step) => getNamedType(step.type) === input);
  const fields = isRepeated ? [] : Object.values(input.getFields());
  return fields.flatMap((inner) => leavesOf(inner, [...above, { name, type }]));
}

/** `where: { email: { startsWith } }` compares the e-mail; `orderBy: EMAIL_ASC` too. */
function namesIn({ name, type }: Input, above: readonly Input[]): readonly string[] {
  const leaf = getNamedType(type);
  const values = isEnumType(leaf) ? leaf.getValues().map((value) => value.name.replace(DIRECTION, '')) : [];
  return [name, ...above.map((step) => step.name), ...values].map(toPlain);
}

const DIRECTION = /_(ASC|DESC)$/;
const toPlain = (name: string) => name.replaceAll('_', '').toLowerCase();

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

function comparedBy(graph: Graph, names: readonly string[], row: DeclaredType): readonly Compared[] {
  const isNamed = ({ field }: DeclaredField) => names.includes(toPlain(field.name));
  const own = row.fields.filter(isNamed).map((field) => toCompared(graph, row, field, []));
  if (own.length > 0) return own;
  return row.fields.flatMap((step) => {
    const { clauses } = toCompared(graph, row, step, []);
    const reached = possibleNames(graph.schema, step.field.type).flatMap((type) => graph.types.get(type) ?? []);
    return reached.flatMap((type) =>
      type.fields.filter(isNamed).map((field) => toCompared(graph, type, field, clauses)),
    );
  });
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
