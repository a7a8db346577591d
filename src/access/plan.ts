import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { checkContainers } from './checks/containers.ts';
import { checkDefinitions } from './checks/definitions.ts';
import { checkInterfaces } from './checks/interfaces.ts';
import { checkRefusals } from './checks/refusals.ts';
import { checkRoots } from './checks/roots.ts';
import { checkTypes } from './checks/types.ts';
import { type DeclaredField, type DeclaredType, readDeclarations } from './declarations.ts';
import { Problems } from './problems.ts';
import type { Registry } from './registry.ts';
import { possibleRules, sharedClauses } from './returned-clauses.ts';
import { clausesBeyond, type Rule, toRule } from './rule.ts';
import type { FieldScope } from './tenant-scope.ts';
import { toTypeRules } from './type-rules.ts';

/** What is asked of whoever reads one field of one object type. */
export type FieldAccess = {
  /** `Type.field`. */
  readonly coordinate: string;
  /** All that is asked: by the type, by the field, and by the type the field returns. */
  readonly rule: Rule;
  /** The part of `rule` that reaching the parent object has not proven yet. Open: nothing is left to ask. */
  readonly check: Rule;
  readonly scope: FieldScope | null;
};

/** What is asked of whoever holds an object of one type. */
export type TypeAccess = {
  readonly name: string;
  readonly rule: Rule;
  /** The property with the owning tenant's id; null for a type without `@tenantScoped`. */
  readonly ownerField: string | null;
  /** The type has no rule of its own: it is read under the rule and the reach of the field that returned it. */
  readonly inherits: boolean;
};

/** Every rule of a schema, complete. Nothing in it changes after it was compiled. */
export type AccessPlan = {
  /** The access of an object type's field. Throws when the schema the plan was compiled from has no such field. */
  readonly field: (typeName: string, fieldName: string) => FieldAccess;
  /** The access of an object type; undefined for any other kind of type. */
  readonly type: (typeName: string) => TypeAccess | undefined;
  /** Every field of every object type, in the schema's order: what an access matrix prints. */
  readonly fields: readonly FieldAccess[];
};

/**
 * Reads every directive of the schema into one plan. Throws StartupError, naming every problem at once, when the schema
 * says anything that would not be enforced: contract.md, "Does not build".
 */
export function compilePlan(schema: GraphQLSchema, registry: Registry): AccessPlan {
  const problems = new Problems();
  checkDefinitions(schema, registry, problems.report);
  problems.assertNone();

  const declarations = readDeclarations(schema, registry, problems.report);
  checkRoots(schema, declarations, problems.report);
  checkTypes(schema, declarations, problems.report);
  checkContainers(schema, declarations, problems.report);
  checkInterfaces(schema, declarations, problems.report);

  const rules = toTypeRules(declarations);
  const objects = [...declarations.values()].filter(({ type }) => !isInterfaceType(type));
  const fields = objects.flatMap((declared) =>
    declared.fields.map((field) => toAccess(schema, declared, field, rules)),
  );
  checkRefusals(schema, objects, rules, problems.report);
  problems.assertNone();
  return toPlan(objects, fields, rules);
}

function toAccess(
  schema: GraphQLSchema,
  { type }: DeclaredType,
  { coordinate, field, clause, scope }: DeclaredField,
  rules: ReadonlyMap<string, Rule>,
): FieldAccess {
  const parent = rules.get(type.name) ?? toRule([]);
  const own = [...(clause ? [clause] : []), ...sharedClauses(possibleRules(schema, field.type, rules))];
  const rule = toRule([...parent.allOf, ...own]);
  return Object.freeze({ coordinate, rule, check: toRule(clausesBeyond(own, parent)), scope });
}

function toPlan(
  objects: readonly DeclaredType[],
  fields: readonly FieldAccess[],
  rules: ReadonlyMap<string, Rule>,
): AccessPlan {
  const byCoordinate = new Map(fields.map((access) => [access.coordinate, access]));
  const byName = new Map(
    objects.map(({ type: { name }, ownerField, inherits }): [string, TypeAccess] => [
      name,
      Object.freeze({ name, rule: rules.get(name) ?? toRule([]), ownerField, inherits }),
    ]),
  );
  return Object.freeze({
    field(typeName: string, fieldName: string): FieldAccess {
      const access = byCoordinate.get(`${typeName}.${fieldName}`);
      if (access === undefined) throw new Error(`the access plan has no field ${typeName}.${fieldName}`);
      return access;
    },
    type: (typeName: string) => byName.get(typeName),
    fields: Object.freeze(fields),
  });
}
