import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isAbstractType } from 'graphql';
import { BARE, type Clause, clausesBeyond, type Rule } from './rule.ts';

/** The rules of every object type a field of this type may answer with. None for a plain value. */
export function possibleRules(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  rules: ReadonlyMap<string, Rule>,
): readonly Rule[] {
  const named = getNamedType(type);
  const names = isAbstractType(named) ? schema.getPossibleTypes(named).map(({ name }) => name) : [named.name];
  return names.flatMap((name) => rules.get(name) ?? []);
}

/** What is asked whichever of the possible types comes back; the rest is asked once the type is known. */
export function sharedClauses(possible: readonly Rule[]): readonly Clause[] {
  const [first, ...others] = possible;
  if (first === undefined || possible.some(({ allOf }) => allOf.length === 0)) return [];
  const shared = first.allOf.filter((clause) => others.every((rule) => clausesBeyond([clause], rule).length === 0));
  return shared.length > 0 ? shared : [BARE];
}
