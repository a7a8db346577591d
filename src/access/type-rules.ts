import { type GraphQLNamedType, getNamedType, isUnionType } from 'graphql';
import type { DeclaredType } from './declarations.ts';
import { type Rule, toRule } from './rule.ts';
import type { RuleSource } from './rule-source.ts';

const COUNTS_ITS_ROWS = /(?:Connection|Edge)$/;

/**
 * The rule of each object type. A connection needs, beside its own, the rule of the rows it pages: who may not read
 * them may not count them either, nor learn their cursors.
 */
export function toTypeRules(types: ReadonlyMap<string, DeclaredType>): ReadonlyMap<string, Rule> {
  const toTypeRule = (name: string) => toRule(rulingTypes(name, types).flatMap(({ clause }) => clause ?? []));
  return new Map([...types.keys()].map((name) => [name, toTypeRule(name)]));
}

/** Where the parts of each object type's rule are written. */
export function toTypeSources(types: ReadonlyMap<string, DeclaredType>): ReadonlyMap<string, readonly RuleSource[]> {
  const toSources = (name: string) => [...new Set(rulingTypes(name, types).flatMap(({ sources }) => sources))];
  return new Map([...types.keys()].map((name) => [name, Object.freeze(toSources(name))]));
}

function rulingTypes(
  name: string,
  types: ReadonlyMap<string, DeclaredType>,
  seen: ReadonlySet<string> = new Set(),
): readonly DeclaredType[] {
  const declared = types.get(name);
  if (!declared || seen.has(name)) return [];
  if (!declared.inherits || !COUNTS_ITS_ROWS.test(name)) return [declared];
  const held = declared.fields.flatMap(({ field }) => countedNames(getNamedType(field.type)));
  return [declared, ...held.flatMap((member) => rulingTypes(member, types, new Set([...seen, name])))];
}

// A count over a union counts the rows of each member; an interface says itself what its members say.
function countedNames(type: GraphQLNamedType): readonly string[] {
  return isUnionType(type) ? type.getTypes().map(({ name }) => name) : [type.name];
}
