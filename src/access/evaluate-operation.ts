import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import type { Refusal } from './decision.ts';
import { type Caller, decideOnce } from './decisions.ts';
import { isIncluded } from './is-included.ts';
import type { AccessPlan } from './plan.ts';
import type { Rule } from './rule.ts';
import { decideTenant } from './tenant-scope.ts';

/** One operation of a document that the schema has validated. */
export type OperationRequest = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As `getVariableValues` coerced them. */
  readonly variables: Readonly<Record<string, unknown>>;
};

export type Denial = {
  /** The response keys down to the refused field; list positions are left out. */
  readonly path: readonly string[];
  readonly fieldNode: FieldNode;
  readonly refusal: Refusal;
  /** Set when the field itself may be read, but not the objects of this type among those it may return. */
  readonly possibleType: string | null;
};

type Path = { readonly previous: Path; readonly key: string } | null;

type Walk = OperationRequest & {
  readonly plan: AccessPlan;
  readonly caller: Caller;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly seen: Map<SelectionSetNode, Set<string>>;
  readonly denials: Map<string, Denial>;
};

/**
 * Everything in the operation that this caller is refused, decided on claims alone before anything runs. Empty: it may
 * run. A selection is judged once for each object type it can meet, however many fragments lead to it, so the time is
 * linear in the document; a refusal inside a fragment is named at the first place the fragment is spread.
 * Unions and interfaces count with every possible type. `__schema` and `__type` have no rule here.
 */
export function evaluateOperation(plan: AccessPlan, request: OperationRequest, caller: Caller): readonly Denial[] {
  const { schema, document, operation } = request;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation} type`);
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const walk: Walk = { ...request, plan, caller, fragments, seen: new Map(), denials: new Map() };
  visitSelections(walk, operation.selectionSet, root, null);
  return [...walk.denials.values()];
}

function visitSelections(walk: Walk, selectionSet: SelectionSetNode, type: GraphQLObjectType, path: Path): void {
  const types = walk.seen.get(selectionSet) ?? new Set();
  if (types.has(type.name)) return;
  walk.seen.set(selectionSet, types.add(type.name));
  for (const selection of selectionSet.selections) {
    if (isIncluded(selection, walk.variables)) visitSelection(walk, selection, type, path);
  }
}

function visitSelection(walk: Walk, selection: SelectionNode, type: GraphQLObjectType, path: Path): void {
  if (selection.kind === Kind.FIELD) {
    const field = type.getFields()[selection.name.value];
    if (field) visitField(walk, selection, type, field, { previous: path, key: toResponseKey(selection) });
    // Only the meta fields are no fields of a type; any other name here means nobody validated the document.
    else if (!selection.name.value.startsWith('__')) throw new Error(`${type.name} has no ${selection.name.value}`);
    return;
  }
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value);
  if (!fragment) throw new Error('a fragment of the document is not defined');
  if (isMet(walk.schema, fragment.typeCondition, type)) visitSelections(walk, fragment.selectionSet, type, path);
}

function visitField(
  walk: Walk,
  node: FieldNode,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  path: Path,
): void {
  const refusal = toRefusal(walk, node, parent, field);
  if (refusal) deny(walk, { path: toKeys(path), fieldNode: node, refusal, possibleType: null });
  else if (node.selectionSet) visitReturned(walk, node, node.selectionSet, field, path);
}

function visitReturned(
  walk: Walk,
  node: FieldNode,
  selectionSet: SelectionSetNode,
  field: GraphQLField<unknown, unknown>,
  path: Path,
): void {
  const returned = getNamedType(field.type);
  if (isObjectType(returned)) visitSelections(walk, selectionSet, returned, path);
  if (!isAbstractType(returned)) return;
  for (const type of walk.schema.getPossibleTypes(returned)) {
    const decision = decideOnce(toTypeRule(walk.plan, type.name), walk.caller);
    if (decision.allowed) visitSelections(walk, selectionSet, type, path);
    else deny(walk, { path: toKeys(path), fieldNode: node, refusal: decision, possibleType: type.name });
  }
}

function toRefusal(
  { plan, caller, variables }: Walk,
  node: FieldNode,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): Refusal | null {
  const { rule, scope } = plan.field(parent.name, field.name);
  const decision = decideOnce(rule, caller);
  if (!decision.allowed) return decision;
  if (!scope) return null;
  const args = scope.argument ? toArguments(field, node, variables) : {};
  const tenancy = decideTenant(scope, args, caller.principal);
  return tenancy.allowed ? null : tenancy;
}

// Arguments that do not coerce are refused by the executor at this field, before its resolver runs.
function toArguments(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: OperationRequest['variables']) {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}

function toTypeRule(plan: AccessPlan, name: string): Rule {
  const access = plan.type(name);
  if (!access) throw new Error(`the access plan has no type ${name}`);
  return access.rule;
}

function isMet(
  schema: GraphQLSchema,
  condition: FragmentDefinitionNode['typeCondition'] | undefined,
  type: GraphQLObjectType,
): boolean {
  if (!condition) return true;
  const wanted = typeFromAST(schema, condition);
  return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
}

function deny({ denials }: Walk, denial: Denial): void {
  const key = JSON.stringify([denial.path, denial.possibleType, denial.refusal.code]);
  if (!denials.has(key)) denials.set(key, denial);
}

function toResponseKey(node: FieldNode): string {
  return node.alias?.value ?? node.name.value;
}

function toKeys(path: Path): readonly string[] {
  const keys: string[] = [];
  for (let at = path; at; at = at.previous) keys.push(at.key);
  return keys.reverse();
}
