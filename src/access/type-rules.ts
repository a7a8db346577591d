import { getNamedType, isObjectType } from 'graphql';
import type { DeclaredType } from './declarations.ts';
import { type Clause, type Rule, toRule } from './rule.ts';

const COUNTS_ITS_ROWS = /(?:Connection|Edge)$/;

/**
 * The rule of each object type. A connection needs, beside its own, the rule of the rows it pages: who may not read
 * them may not count them either, nor learn their cursors.
 */
export function toTypeRules(types: ReadonlyMap<string, DeclaredType>): ReadonlyMap<string, Rule> {
  return new Map([...types].map(([name]) => [name, toRule(clausesOf(name, types, new Set()))]));
}

function clausesOf(
  name: string,
  types: ReadonlyMap<string, DeclaredType>,
  seen: ReadonlySet<string>,
): readonly Clause[] {
  const declared = types.get(name);
  if (!declared || seen.has(name)) return [];
  const own = declared.clause ? [declared.clause] : [];
  if (!declared.inherits || !COUNTS_ITS_ROWS.test(name)) return own;
  const held = declared.fields.map(({ field }) => getNamedType(field.type)).filter(isObjectType);
  return [...own, ...held.flatMap((type) => clausesOf(type.name, types, new Set([...seen, name])))];
}
