import type { GraphQLSchema } from 'graphql';
import type { DeclaredField, DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';

/** Query and Mutation rule every field on its own, and there is no third root. */
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
