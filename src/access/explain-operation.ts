import type { Decision, Refusal } from './decision.ts';
import type { Caller } from './decisions.ts';
import { describeMissing, unmetClauses } from './missing.ts';
import type { AccessPlan, FieldAccess, TypeAccess } from './plan.ts';
import type { RuleSource } from './rule-source.ts';
import { type OperationRequest, walkOperation } from './walk-operation.ts';

/** What the plan says of one place of an operation. */
export type Judgement = {
  /** `Type.field`; for a type that is refused among those the field may answer with, `Type`. */
  readonly coordinate: string;
  /** The response keys down to the field; list positions are left out. */
  readonly path: readonly string[];
  /** Null: below a refusal, so it is not reached. */
  readonly decision: Decision | null;
  /** Where the rule is written; of a refusal, the parts that are not met. Empty: it is that of the field above. */
  readonly sources: readonly RuleSource[];
  /** What a refused caller lacks, in plain words. */
  readonly missing: string | null;
};

/**
 * Every field of the operation in its order, allowed, refused or not reached, and why. It is decided as
 * `evaluateOperation` does, but at each place a fragment leads to: for documents of one's own, as the places may be many.
 */
export function explainOperation(plan: AccessPlan, request: OperationRequest, caller: Caller): readonly Judgement[] {
  const judgements = new Map<string, Judgement>();
  const note = (coordinate: string, path: readonly string[], access: Access, decision: Decision | null) => {
    const judgement = { coordinate, path: [...path], decision, ...toGrounds(access, decision, caller) };
    judgements.set(JSON.stringify([coordinate, path]), judgement);
    return true;
  };
  walkOperation(plan, request, caller, {
    field: (path, _node, access, decision) => note(access.coordinate, path, access, decision),
    type: (path, _node, access, decision) => decision?.allowed !== false || note(access.name, path, access, decision),
    enter: () => true,
  });
  return [...judgements.values()];
}

type Access = Pick<FieldAccess & TypeAccess, 'rule' | 'sources'> & Partial<Pick<FieldAccess, 'scope'>>;

function toGrounds(access: Access, decision: Decision | null, caller: Caller): Pick<Judgement, 'sources' | 'missing'> {
  if (decision?.allowed !== false) return { sources: access.sources, missing: null };
  const unmet = toUnmet(access, decision, caller);
  const sources = access.sources.filter(({ rule }) => unmet.includes(rule));
  return { sources: sources.length > 0 ? sources : access.sources, missing: toMissing(access, decision, caller) };
}

/** The parts of the rule that refuse, as the sources name them. */
function toUnmet({ rule, scope }: Access, { code }: Refusal, { principal, now }: Caller): readonly string[] {
  if (code === 'TENANT_REQUIRED' || code === 'TENANT_SUSPENDED' || code === 'NOT_FOUND')
    return scope ? [scope.text] : [];
  return unmetClauses(rule, principal, now).map(({ text }) => text);
}

function toMissing({ rule, scope }: Access, { code }: Refusal, { principal, now }: Caller): string {
  if (principal === null) return 'an access token';
  if (code === 'TENANT_REQUIRED') return 'a tenant in the token';
  if (code === 'TENANT_SUSPENDED') return 'a tenant that is open';
  if (code === 'NOT_FOUND') return `the token's own tenant in the argument ${scope?.argument?.join('.')}`;
  return describeMissing(rule, principal, now);
}
