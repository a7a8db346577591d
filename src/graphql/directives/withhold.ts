import { type GraphQLFieldConfig, type GraphQLSchema, isObjectType } from 'graphql';
import type { AccessPlan } from '../../access/plan.ts';
import { clausesBeyond } from '../../access/rule.ts';
import { type FieldDecision, toFieldDecision } from './elsewhere.ts';
import type { CallerContext, Resolver } from './resolver.ts';

type Field = GraphQLFieldConfig<unknown, CallerContext>;

/** A field of a type, and what is asked of its reader. */
type Neighbour = { readonly name: string; readonly decide: FieldDecision };

/** The fields of the same type that ask for more than this one. None for a root, which has no row. */
export function closedBeside(
  schema: GraphQLSchema,
  plan: AccessPlan,
  typeName: string,
  fieldName: string,
): readonly Neighbour[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type) || type === schema.getQueryType() || type === schema.getMutationType()) return [];
  const { rule: own } = plan.field(typeName, fieldName);
  return Object.keys(type.getFields())
    .map((name) => ({ name, rule: plan.field(typeName, name).rule }))
    .filter(({ rule }) => clausesBeyond(rule.allOf, own).length > 0)
    .map(({ name, rule }) => ({ name, decide: toFieldDecision(rule, plan.type(typeName)) }));
}

/**
 * For a field that is computed from its row: what the caller may not read there is left out of what the resolver is
 * handed, so that no open field tells of a closed one. It covers what the row holds under the closed field's own name.
 */
export function withhold(field: Field, closed: readonly Neighbour[]): Field {
  const { resolve } = field;
  if (!resolve || closed.length === 0) return field;
  const hiding: Resolver = (source, args, context, info) => {
    const refused = closed.filter(({ decide }) => !decide(source, context, info).allowed);
    return resolve(refused.length > 0 ? without(source, refused) : source, args, context, info);
  };
  return { ...field, resolve: hiding };
}

// Hidden and not removed, or the value of a getter on the prototype would come to light. The stamp is copied along.
function without(source: unknown, closed: readonly Neighbour[]): unknown {
  if (typeof source !== 'object' || source === null) return source;
  const hidden = Object.fromEntries(closed.map(({ name }) => [name, { value: undefined, enumerable: true }]));
  return Object.create(Object.getPrototypeOf(source), { ...Object.getOwnPropertyDescriptors(source), ...hidden });
}
