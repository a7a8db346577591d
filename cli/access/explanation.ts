import type { Judgement } from '../../src/access/explain-operation.ts';
import type { RuleSource } from '../../src/access/rule-source.ts';
import type { Principal } from '../../src/identity/principal.ts';
import type { Outcome } from './outcome.ts';

/** What is said of one field, in JSON and on a terminal. */
export type ExplainedField = {
  readonly path: string;
  readonly coordinate: string;
  readonly verdict: 'allowed' | 'denied' | 'not reached';
  readonly code: string | null;
  readonly missing: string | null;
  readonly rules: readonly RuleSource[];
};

export type Explanation = {
  /** Null: anonymous. */
  readonly caller: Pick<Principal, 'kind' | 'subject' | 'tenantId' | 'groups' | 'scopes'> | null;
  readonly fields: readonly ExplainedField[];
  readonly outcome: Outcome;
  readonly notes: readonly string[];
};

export function toExplanation(
  principal: Principal | null,
  judgements: readonly Judgement[],
  outcome: Outcome,
  notes: readonly string[],
): Explanation {
  const caller = principal && toCaller(principal);
  return { caller, fields: judgements.map(toField), outcome, notes };
}

function toCaller({ kind, subject, tenantId, groups, scopes }: Principal): Explanation['caller'] {
  return { kind, subject, tenantId, groups, scopes };
}

function toField({ path, coordinate, decision, sources, missing }: Judgement): ExplainedField {
  const verdict = decision === null ? 'not reached' : decision.allowed ? 'allowed' : 'denied';
  const code = decision === null || decision.allowed ? null : decision.code;
  return { path: path.join('.'), coordinate, verdict, code, missing, rules: sources };
}
