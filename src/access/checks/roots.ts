import type { GraphQLSchema } from 'graphql';
import type { DeclaredField, DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';
import { possibleNames } from '../returned-clauses.ts';

/** Query and Mutation rule every field on their own, are entered by operations alone, and there is no third root. */
export function checkRoots(schema: GraphQLSchema, types: ReadonlyMap<string, DeclaredType>, report: Report): void {
  for (const [type, name] of [
    [schema.getQueryType(), 'Query'],
    [schema.getMutationType(), 'Mutation'],
  ] as const) {
    const root = type ? types.get(type.name) : undefined;
    if (root) checkRoot(root, name, report);
  }
  const subscription = schema.getSubscriptionType() ?? schema.getType('Subscription');
  if (subscription) {
    report(subscription.name, 'a subscription would be read without a rule for each event; remove the type');
  }
  for (const { fields } of types.values()) for (const field of fields) checkReturn(schema, field, report);
}

// Below a field of a query, mutations would run in parallel and over GET, and none would be refused as a whole.
function checkReturn(schema: GraphQLSchema, { coordinate, field }: DeclaredField, report: Report): void {
  const roots = [schema.getQueryType()?.name, schema.getMutationType()?.name];
  const root = possibleNames(schema, field.type).find((name) => roots.includes(name));
  if (root) report(coordinate, `returns ${root}, which only an operation enters; return a type of its own`);
}

/** True for the types whose every field is an entry of its own. */
export function isRoot(schema: GraphQLSchema, { type }: DeclaredType): boolean {
  return type === schema.getQueryType() || type === schema.getMutationType();
}

function checkRoot(root: DeclaredType, name: string, report: Report): void {
  if (root.type.name !== name) report(root.type.name, `is a root under another name; call it ${name}`);
  if (root.clause) report(root.type.name, 'a root has no rule of its own; write @auth on each of its fields');
  for (const field of root.fields) checkEntry(field, report);
}

function checkEntry({ coordinate, isPublic, clause }: DeclaredField, report: Report): void {
  if (!isPublic && !clause) report(coordinate, 'has no rule; write @auth, or @public to open it to everyone');
}
