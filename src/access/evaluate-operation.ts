import type { DocumentNode, FieldNode, GraphQLObjectType, SelectionSetNode } from 'graphql';
import type { Refusal } from './decision.ts';
import type { Caller } from './decisions.ts';
import { type Demands, meetsAll, toDemands } from './demands.ts';
import type { AccessPlan } from './plan.ts';
import { type OperationRequest, type Visitor, walkOperation } from './walk-operation.ts';

export type Denial = {
  /** The response keys down to the refused field; list positions are left out. */
  readonly path: readonly string[];
  readonly fieldNode: FieldNode;
  readonly refusal: Refusal;
  /** Set when the field itself may be read, but not the objects of this type among those it may return. */
  readonly possibleType: string | null;
};

/**
 * Everything in the operation that this caller is refused, decided on claims alone before anything runs. Empty: it may
 * run. A selection is judged once for each object type it can meet, however many fragments lead to it, so the time is
 * linear in the document; a refusal inside a fragment is named at the first place the fragment is spread.
 */
export function evaluateOperation(plan: AccessPlan, request: OperationRequest, caller: Caller): readonly Denial[] {
  const demands = demandsOf(plan, request);
  // Whoever may do all of it needs no walk: the rule for most requests, which repeat a few documents.
  if (demands && meetsAll(demands, caller)) return [];
  const denials = new Map<string, Denial>();
  walkOperation(plan, request, caller, { ...denialsInto(denials), enter: onceForEachType() });
  return [...denials.values()];
}

const read = new WeakMap<AccessPlan, WeakMap<DocumentNode, Demands | null>>();

/** `toDemands`, once for each document that the server keeps parsed. */
function demandsOf(plan: AccessPlan, { schema, document }: OperationRequest): Demands | null {
  const known = read.get(plan) ?? new WeakMap<DocumentNode, Demands | null>();
  read.set(plan, known);
  let demands = known.get(document);
  if (demands === undefined) {
    demands = toDemands(plan, schema, document);
    known.set(document, demands);
  }
  return demands;
}

function denialsInto(denials: Map<string, Denial>): Pick<Visitor, 'field' | 'type'> {
  const deny = (path: readonly string[], fieldNode: FieldNode, refusal: Refusal, possibleType: string | null) => {
    const key = JSON.stringify([path, possibleType, refusal.code, refusal.rule]);
    if (!denials.has(key)) denials.set(key, { path: [...path], fieldNode, refusal, possibleType });
  };
  return {
    field: (path, node, _access, decision) => {
      if (decision?.allowed === false) deny(path, node, decision, null);
      return decision?.allowed === true;
    },
    type: (path, node, access, decision) => {
      if (decision?.allowed === false) deny(path, node, decision, access.name);
      return decision?.allowed === true;
    },
  };
}

function onceForEachType(): Visitor['enter'] {
  const entered = new Map<GraphQLObjectType, Set<SelectionSetNode>>();
  return (selectionSet, type) => {
    const known = entered.get(type) ?? new Set();
    if (known.has(selectionSet)) return false;
    entered.set(type, known.add(selectionSet));
    return true;
  };
}
