import type { Principal } from '../identity/principal.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Rule } from './rule.ts';

/** Who asks, and at which instant. A request's GraphQL context is one. */
export type Caller = { readonly principal: Principal | null; readonly now: Date };

const decided = new WeakMap<Caller, Map<string, Decision>>();

/** `decide`, once for each rule and caller object: a page of a hundred rows asks the same question a hundred times. */
export function decideOnce(rule: Rule, caller: Caller): Decision {
  let decisions = decided.get(caller);
  if (decisions === undefined) {
    decisions = new Map();
    decided.set(caller, decisions);
  }
  let decision = decisions.get(rule.text);
  if (decision === undefined) {
    decision = decide(rule, caller.principal, caller.now);
    decisions.set(rule.text, decision);
  }
  return decision;
}
