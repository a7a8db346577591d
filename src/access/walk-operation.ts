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
import type { Decision } from './decision.ts';
import { type Caller, decideOnce } from './decisions.ts';
import { isIncluded } from './is-included.ts';
import type { AccessPlan, FieldAccess, TypeAccess } from './plan.ts';
import { decideTenant } from './tenant-scope.ts';

/** One operation of a document that the schema has validated. */
export type OperationRequest = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As `getVariableValues` coerced them. */
  readonly variables: Readonly<Record<string, unknown>>;
};

/**
 * Told what the walk meets; what `field` and `type` return says whether to go on into the selection below. `path` holds
 * the response keys down to the field, list positions left out; it goes on changing, so copy it to keep it.
 */
export type Visitor = {
  /** A field, and what this caller is answered there; null below a refusal, where nothing is decided. */
  readonly field: (path: readonly string[], node: FieldNode, access: FieldAccess, decision: Decision | null) => boolean;
  /** The same for each object type that a field of an interface or a union may answer with. */
  readonly type: (path: readonly string[], node: FieldNode, access: TypeAccess, decision: Decision | null) => boolean;
  /** Asked before a selection is judged for an object type: false leaves it out. */
  readonly enter: (selectionSet: SelectionSetNode, type: GraphQLObjectType) => boolean;
};

// One mutable path for the whole walk: an allowed field costs no object.
type Walk = OperationRequest & {
  readonly plan: AccessPlan;
  readonly caller: Caller;
  readonly visitor: Visitor;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly path: string[];
};

/**
 * Leads a visitor through the operation as this caller meets it, decided on claims alone. Fragments, `@skip` and
 * `@include` are followed, and interfaces and unions by each possible type. `__typename`, `__schema` and `__type` have no
 * rule of their own and are passed over.
 */
export function walkOperation(plan: AccessPlan, request: OperationRequest, caller: Caller, visitor: Visitor): void {
  const { schema, document, operation } = request;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation} type`);
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  visitSelections({ ...request, plan, caller, visitor, fragments, path: [] }, operation.selectionSet, root, true);
}

function visitSelections(
  walk: Walk,
  selectionSet: SelectionSetNode,
  type: GraphQLObjectType,
  isReached: boolean,
): void {
  if (!walk.visitor.enter(selectionSet, type)) return;
  for (const selection of selectionSet.selections) {
    if (isIncluded(selection, walk.variables)) visitSelection(walk, selection, type, isReached);
  }
}

function visitSelection(walk: Walk, selection: SelectionNode, type: GraphQLObjectType, isReached: boolean): void {
  if (selection.kind === Kind.FIELD) {
    const field = type.getFields()[selection.name.value];
    if (field) visitField(walk, selection, type, field, isReached);
    // Only the meta fields are no fields of a type; any other name here means nobody validated the document.
    else if (!selection.name.value.startsWith('__')) throw new Error(`${type.name} has no ${selection.name.value}`);
    return;
  }
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value);
  if (!fragment) throw new Error('a fragment of the document is not defined');
  if (isMet(walk.schema, fragment.typeCondition, type)) visitSelections(walk, fragment.selectionSet, type, isReached);
}

function visitField(
  walk: Walk,
  node: FieldNode,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  isReached: boolean,
): void {
  const access = walk.plan.field(parent.name, field.name);
  const decision = isReached ? decideField(walk, node, field, access) : null;
  walk.path.push(node.alias?.value ?? node.name.value);
  const goesOn = walk.visitor.field(walk.path, node, access, decision);
  if (goesOn && node.selectionSet) visitReturned(walk, node, node.selectionSet, field, decision?.allowed === true);
  walk.path.pop();
}

function visitReturned(
  walk: Walk,
  node: FieldNode,
  selectionSet: SelectionSetNode,
  field: GraphQLField<unknown, unknown>,
  isReached: boolean,
): void {
  const returned = getNamedType(field.type);
  if (isObjectType(returned)) visitSelections(walk, selectionSet, returned, isReached);
  if (!isAbstractType(returned)) return;
  for (const type of walk.schema.getPossibleTypes(returned)) {
    const access = walk.plan.type(type.name);
    if (!access) throw new Error(`the access plan has no type ${type.name}`);
    const decision = isReached ? decideOnce(access.rule, walk.caller) : null;
    if (walk.visitor.type(walk.path, node, access, decision)) {
      visitSelections(walk, selectionSet, type, decision?.allowed === true);
    }
  }
}

const NO_ARGUMENTS = Object.freeze({});

function decideField(
  { caller, variables }: Walk,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  { rule, scope }: FieldAccess,
): Decision {
  const decision = decideOnce(rule, caller);
  if (!decision.allowed || !scope) return decision;
  return decideTenant(scope, scope.argument ? toArguments(field, node, variables) : NO_ARGUMENTS, caller);
}

// Arguments that do not coerce are refused by the executor at this field, before its resolver runs.
function toArguments(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: OperationRequest['variables']) {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return NO_ARGUMENTS;
  }
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
