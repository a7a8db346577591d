import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { checkContainers } from './checks/containers.ts';
import { checkDefinitions } from './checks/definitions.ts';
import { checkFilters } from './checks/filters.ts';
import { checkInterfaces } from './checks/interfaces.ts';
import { checkRefusals } from './checks/refusals.ts';
import { checkRoots } from './checks/roots.ts';
import { checkTypes } from './checks/types.ts';
import { type DeclaredField, type DeclaredType, readDeclarations } from './declarations.ts';
import { Problems } from './problems.ts';
import type { Registry } from './registry.ts';
import { possibleNames, possibleRules, sharedClauses } from './returned-clauses.ts';
import { clausesBeyond, type Rule, toRule } from './rule.ts';
import type { RuleSource } from './rule-source.ts';
import type { FieldScope } from './tenant-scope.ts';
import { toTypeRules, toTypeSources } from './type-rules.ts';

/** What is asked of whoever reads one field of one object type. */
export type FieldAccess = {
  /** `Type.field`. */
  readonly coordinate: string;
  /** All that is asked: by the type, by the field, and by the type the field returns. */
  readonly rule: Rule;
  /** The part of `rule` that reaching the parent object has not proven yet. Open: nothing is left to ask. */
  readonly check: Rule;
  readonly scope: FieldScope | null;
  /** Names of the object types the field may answer with; none for a plain value. */
  readonly returns: readonly string[];
  /** Where each part of `rule` and `scope` is written: on the type, on the field, on the types it returns. */
  readonly sources: readonly RuleSource[];
};

/** What is asked of whoever holds an object of one type. */
export type TypeAccess = {
  readonly name: string;
  readonly rule: Rule;
  /** The property with the owning tenant's id; null for a type without `@tenantScoped`. */
  readonly ownerField: string | null;
  /** The type has no rule of its own: it is read under the rule and the reach of the field that returned it. */
  readonly inherits: boolean;
  readonly sources: readonly RuleSource[];
};

/** Every rule of a schema, complete. Frozen to its last list: nothing in it changes after it was compiled. */
export type AccessPlan = {
  /** The access of an object type's field. Throws when the schema the plan was compiled from has no such field. */
  readonly field: (typeName: string, fieldName: string) => FieldAccess;
  /** The access of an object type; undefined for any other kind of type. */
  readonly type: (typeName: string) => TypeAccess | undefined;
  /** The access of every field of an object type, in the schema's order; none for any other kind of type. */
  readonly fieldsOf: (typeName: string) => readonly FieldAccess[];
  /** Every field of every object type, in the schema's order: what an access matrix prints. */
  readonly fields: readonly FieldAccess[];
  /** Every object type, in the schema's order. */
  readonly types: readonly TypeAccess[];
};

/** What all types together ask, and where it is written. */
type TypeRules = {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly sources: ReadonlyMap<string, readonly RuleSource[]>;
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

  const typeRules = { rules: toTypeRules(declarations), sources: toTypeSources(declarations) };
  const objects = [...declarations.values()].filter(({ type }) => !isInterfaceType(type));
  const fields = objects.flatMap((declared) =>
    declared.fields.map((field) => toFieldAccess(schema, declared, field, typeRules)),
  );
  checkRefusals(schema, objects, typeRules.rules, problems.report);
  checkFilters(schema, objects, typeRules.rules, problems.report);
  problems.assertNone();
  return toPlan(
    objects.map((declared) => toTypeAccess(declared, typeRules)),
    fields,
  );
}

function toFieldAccess(
  schema: GraphQLSchema,
  { type }: DeclaredType,
  { coordinate, field, clause, scope, sources }: DeclaredField,
  typeRules: TypeRules,
): FieldAccess {
  const parent = typeRules.rules.get(type.name) ?? toRule([]);
  const shared = sharedClauses(possibleRules(schema, field.type, typeRules.rules));
  const own = [...(clause ? [clause] : []), ...shared];
  const returns = possibleNames(schema, field.type);
  const returned = returns
    .flatMap((name) => typeRules.sources.get(name) ?? [])
    // What only some of several types ask is asked once the type is known: it is no part of the field's rule.
    .filter(({ rule }) => returns.length === 1 || shared.some(({ text }) => text === rule));
  return Object.freeze({
    coordinate,
    rule: toRule([...parent.allOf, ...own]),
    check: toRule(clausesBeyond(own, parent)),
    scope,
    returns: Object.freeze(returns),
    sources: Object.freeze([...new Set([...(typeRules.sources.get(type.name) ?? []), ...sources, ...returned])]),
  });
}

function toTypeAccess({ type: { name }, ownerField, inherits }: DeclaredType, typeRules: TypeRules): TypeAccess {
  const rule = typeRules.rules.get(name) ?? toRule([]);
  return Object.freeze({ name, rule, ownerField, inherits, sources: typeRules.sources.get(name) ?? [] });
}

function toPlan(types: readonly TypeAccess[], fields: readonly FieldAccess[]): AccessPlan {
  const byName = new Map(types.map((access) => [access.name, access]));
  const byType = new Map<string, Map<string, FieldAccess>>();
  for (const access of fields) {
    const [typeName = '', fieldName = ''] = access.coordinate.split('.');
    byType.set(typeName, (byType.get(typeName) ?? new Map()).set(fieldName, access));
  }
  // Asked for every field of every operation, so by two names and not by one that would be put together each time.
  const field = (typeName: string, fieldName: string) => {
    const access = byType.get(typeName)?.get(fieldName);
    if (access === undefined) throw new Error(`the access plan has no field ${typeName}.${fieldName}`);
    return access;
  };
  return Object.freeze({
    field: Object.freeze(field),
    type: Object.freeze((typeName: string) => byName.get(typeName)),
    fieldsOf: Object.freeze((typeName: string) => [...(byType.get(typeName)?.values() ?? [])]),
    fields: Object.freeze(fields),
    types: Object.freeze(types),
  });
}
