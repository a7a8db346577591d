import type { Principal } from '../identity/principal.ts';
import { ALLOWED, type Decision, type Refusal, refuse, refuseUntil } from './decision.ts';
import { PLATFORM_GROUP } from './registry.ts';
import { type Clause, type Condition, type Rule, toRule } from './rule.ts';
import { type StepUp, toStepUp } from './step-up.ts';

/**
 * May this caller pass this rule at this instant? Pure: the token's claims and the clock decide, nothing else.
 * STEP_UP_REQUIRED, with the sign-in to ask for, when that is all that is missing; otherwise FORBIDDEN.
 */
export function decide(rule: Rule, principal: Principal | null, now: Date): Decision {
  if (rule.allOf.length === 0) return ALLOWED;
  if (principal === null) return refuse('UNAUTHENTICATED', rule.text, 'there is no verified caller');
  if (rule.allOf.every((clause) => isMet(clause, principal, now))) return ALLOWED;
  return toRefusal(rule, principal, now);
}

/** Platform staff: a person in Admins. A machine never is, whatever its token says. */
export function isPlatformStaff(principal: Principal): boolean {
  return isInGroup(principal, [PLATFORM_GROUP]);
}

function toRefusal(rule: Rule, principal: Principal, now: Date): Refusal {
  const caller = `${principal.kind} ${principal.subject}`;
  const unmet = rule.allOf.filter((clause) => !isMet(clause, principal, now));
  const closed = unmet.filter((clause) => !isMetBySigningIn(clause, principal));
  if (closed.length > 0) return refuse('FORBIDDEN', rule.text, `${caller} does not meet ${toRule(closed).text}`);
  const stepUp = toStepUp(rule.allOf.map(({ anyOf }) => anyOf.filter((condition) => isFor(condition, principal))));
  const reason = `${caller} must prove a fresher or stronger sign-in for ${toRule(unmet).text}`;
  return refuseUntil(stepUp, rule.text, reason);
}

function isMet({ anyOf }: Clause, principal: Principal, now: Date): boolean {
  return anyOf.some((condition) => isFor(condition, principal) && isSignInProven(condition, principal, now));
}

// A machine has no sign-in to repeat, so asking it to step up would send it round in circles.
function isMetBySigningIn({ anyOf }: Clause, principal: Principal): boolean {
  return principal.kind === 'USER' && anyOf.some((condition) => isFor(condition, principal));
}

/** All but the sign-in: what a caller has, or does not have, however he signs in. */
function isFor({ groups, scopes, callers }: Condition, principal: Principal): boolean {
  if (callers && !callers.includes(principal.kind)) return false;
  if (groups && !isInGroup(principal, groups)) return false;
  return !scopes || scopes.some((scope) => principal.scopes.includes(scope));
}

function isInGroup(principal: Principal, groups: readonly string[]): boolean {
  return principal.kind === 'USER' && groups.some((group) => principal.groups.includes(group));
}

/** Whether the sign-in is as fresh and as strong as asked. */
export function isSignInProven({ mfa, maxAuthAgeSeconds }: StepUp, principal: Principal, now: Date): boolean {
  if (mfa && !principal.mfa) return false;
  if (maxAuthAgeSeconds === null) return true;
  if (principal.authenticatedAt === null) return false;
  return now.getTime() - principal.authenticatedAt.getTime() <= maxAuthAgeSeconds * 1000;
}
