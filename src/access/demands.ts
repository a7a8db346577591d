import {
  BREAK,
  type DocumentNode,
  type GraphQLSchema,
  isIntrospectionType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { type Caller, decideOnce } from './decisions.ts';
import type { AccessPlan } from './plan.ts';
import { possibleNames } from './returned-clauses.ts';
import type { Rule } from './rule.ts';
import { decideTenant, type FieldScope } from './tenant-scope.ts';

/** All that a document may ask of a caller, whichever of its operations is meant. */
export type Demands = {
  readonly rules: readonly Rule[];
  /** Of fields that speak for the tenant of the token. */
  readonly scopes: readonly FieldScope[];
};

/**
 * Reads a document once for all callers: every fragment, for every type it can meet. Null where variables have a say, as
 * in an argument that names a tenant or under `@skip` and `@include`, or where nobody validated the document.
 */
export function toDemands(plan: AccessPlan, schema: GraphQLSchema, document: DocumentNode): Demands | null {
  const rules = new Map<string, Rule>();
  const scopes = new Map<string, FieldScope>();
  const fragments = new Set(document.definitions.map((it) => it.kind === Kind.FRAGMENT_DEFINITION && it.name.value));
  let isKnown = true;
  const info = new TypeInfo(schema);
  const addField = (typeName: string, fieldName: string) => {
    const { rule, scope } = plan.field(typeName, fieldName);
    rules.set(rule.text, rule);
    if (scope) scopes.set(scope.text, scope);
    isKnown &&= !scope?.argument;
  };
  const addType = (typeName: string) => {
    const { rule } = plan.type(typeName) ?? {};
    if (rule) rules.set(rule.text, rule);
  };
  const reader = visitWithTypeInfo(info, {
    Field: ({ name: { value: name } }) => {
      const [parent, returned] = [info.getParentType(), info.getType()];
      isKnown &&= Boolean(parent && returned);
      if (!isKnown || !parent || !returned) return BREAK;
      // What every schema has is no part of the plan.
      if (name.startsWith('__') || isIntrospectionType(parent)) return false;
      for (const typeName of possibleNames(schema, parent)) addField(typeName, name);
      for (const typeName of possibleNames(schema, returned)) addType(typeName);
      return undefined;
    },
    FragmentSpread: ({ name: { value: name } }) => {
      isKnown &&= fragments.has(name);
    },
    Directive: () => {
      isKnown = false;
    },
  });
  visit(document, reader);
  return isKnown ? { rules: [...rules.values()], scopes: [...scopes.values()] } : null;
}

/** True when nothing of the document can be refused to this caller. False says nothing: some of it may never be reached. */
export function meetsAll({ rules, scopes }: Demands, caller: Caller): boolean {
  return (
    rules.every((rule) => decideOnce(rule, caller).allowed) &&
    scopes.every((scope) => decideTenant(scope, {}, caller).allowed)
  );
}
