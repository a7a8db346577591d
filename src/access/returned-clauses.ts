import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isAbstractType, isLeafType } from 'graphql';
import { BARE, type Clause, clausesBeyond, type Rule } from './rule.ts';

/** The names of every object type a field of this type may answer with. None for a plain value. */
export function possibleNames(schema: GraphQLSchema, type: GraphQLOutputType): readonly string[] {
  const named = getNamedType(type);
  if (isLeafType(named)) return [];
  return isAbstractType(named) ? schema.getPossibleTypes(named).map(({ name }) => name) : [named.name];
}

/** The rules of those types. */
export function possibleRules(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  rules: ReadonlyMap<string, Rule>,
): readonly Rule[] {
  return possibleNames(schema, type).flatMap((name) => rules.get(name) ?? []);
}

/** What is asked whichever of the possible types comes back; the rest is asked once the type is known. */
export function sharedClauses(possible: readonly Rule[]): readonly Clause[] {
  const [first, ...others] = possible;
  if (first === undefined || possible.some(({ allOf }) => allOf.length === 0)) return [];
  const shared = first.allOf.filter((clause) => others.every((rule) => clausesBeyond([clause], rule).length === 0));
  return shared.length > 0 ? shared : [BARE];
}
