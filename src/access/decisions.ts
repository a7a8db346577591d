import type { TenantRules } from '../identity/cutoffs.ts';
import { isRoleGroup } from '../identity/groups.ts';
import type { Principal } from '../identity/principal.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Rule } from './rule.ts';

/** Who asks, and at which instant. A request's GraphQL context is one. */
export type Caller = {
  readonly principal: Principal | null;
  readonly now: Date;
  /** What holds in the tenant of the token; null where it is open and asks for nothing. */
  readonly tenantRules: TenantRules | null;
};

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

const callersElsewhere = new WeakMap<Caller, Caller>();

/**
 * The same for a row that is not of the token's tenant: roles and scopes were given for that tenant alone. What is
 * decided before execution cannot know the rows to come, so this is asked again of each of them.
 */
export function decideElsewhere(rule: Rule, caller: Caller): Decision {
  let stranger = callersElsewhere.get(caller);
  if (stranger === undefined) {
    stranger = { ...caller, principal: caller.principal && toPrincipalElsewhere(caller.principal) };
    callersElsewhere.set(caller, stranger);
  }
  const decision = decideOnce(rule, stranger);
  return decision.allowed ? decision : { ...decision, reason: `${decision.reason} outside the token's tenant` };
}

/** The caller as rows of other tenants know him: with his pool groups, without his role and his scopes. */
export function toPrincipalElsewhere(principal: Principal): Principal {
  const groups = principal.groups.filter((group) => !isRoleGroup(group));
  return { ...principal, groups, scopes: [], tenantRole: null };
}
