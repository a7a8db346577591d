import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { DeclaredField, DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';
import { possibleRules } from '../returned-clauses.ts';
import { type Clause, clausesBeyond, isBare, type Rule, toRule } from '../rule.ts';

/** A field that may be refused leaves its neighbours alone, and an open field returns nothing closed. */
export function checkRefusals(
  schema: GraphQLSchema,
  types: readonly DeclaredType[],
  rules: ReadonlyMap<string, Rule>,
  report: Report,
): void {
  for (const { type, fields } of types) {
    for (const declared of fields) {
      const returned = possibleRules(schema, declared.field.type, rules).flatMap(({ allOf }) => allOf);
      checkNullable(declared, returned, rules.get(type.name) ?? toRule([]), report);
      if (declared.isPublic && returned.length > 0) {
        report(declared.coordinate, `@public returns ${declared.field.type}, which is ruled; write @auth instead`);
      }
    }
  }
}

function checkNullable(
  { coordinate, field, clause }: DeclaredField,
  returned: readonly Clause[],
  parent: Rule,
  report: Report,
): void {
  const asked = clausesBeyond([...(clause ? [clause] : []), ...returned], parent);
  const refusable = asked.find((candidate) => !isBare(candidate));
  if (refusable && isNullForbidden(field.type)) {
    report(coordinate, `a refusal by ${refusable.text} would wipe its neighbours; make ${field.type} nullable`);
  }
}

// Which member of a union or interface comes back is known item by item, so the refusal falls there too.
function isNullForbidden(type: GraphQLOutputType): boolean {
  if (isNonNullType(type)) return true;
  return isListType(type) && isAbstractType(getNamedType(type)) && isNullForbidden(type.ofType);
}
