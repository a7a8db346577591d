import type { Principal } from '../identity/principal.ts';
import { ALLOWED, type Decision, refuse } from './decision.ts';
import { PLATFORM_GROUP } from './registry.ts';
import type { Clause, Condition, Rule } from './rule.ts';

type Standing = 'HOLDS' | 'STEP_UP' | 'FAILS';

/**
 * May this caller pass this rule at this instant? Pure: the token's claims and the clock decide, nothing else.
 * STEP_UP_REQUIRED when signing in again, or with a second factor, is all that is missing; otherwise FORBIDDEN.
 */
export function decide(rule: Rule, principal: Principal | null, now: Date): Decision {
  if (rule.allOf.length === 0) return ALLOWED;
  if (principal === null) return refuse('UNAUTHENTICATED', rule.text, 'there is no verified caller');
  const standings = rule.allOf.map((clause) => toStanding(clause, principal, now));
  const caller = `${principal.kind} ${principal.subject}`;
  if (standings.includes('FAILS')) return refuse('FORBIDDEN', rule.text, `${caller} does not meet ${rule.text}`);
  if (standings.includes('STEP_UP')) {
    return refuse('STEP_UP_REQUIRED', rule.text, `${caller} must prove a fresher or stronger sign-in for ${rule.text}`);
  }
  return ALLOWED;
}

/** Platform staff: a person in Admins. A machine never is, whatever its token says. */
export function isPlatformStaff(principal: Principal): boolean {
  return isInGroup(principal, [PLATFORM_GROUP]);
}

function isInGroup(principal: Principal, groups: readonly string[]): boolean {
  return principal.kind === 'USER' && groups.some((group) => principal.groups.includes(group));
}

function toStanding(clause: Clause, principal: Principal, now: Date): Standing {
  const standings = clause.anyOf.map((condition) => toConditionStanding(condition, principal, now));
  if (standings.includes('HOLDS')) return 'HOLDS';
  return standings.includes('STEP_UP') ? 'STEP_UP' : 'FAILS';
}

function toConditionStanding(condition: Condition, principal: Principal, now: Date): Standing {
  const { groups, scopes, callers } = condition;
  if (callers && !callers.includes(principal.kind)) return 'FAILS';
  if (groups && !isInGroup(principal, groups)) return 'FAILS';
  if (scopes && !scopes.some((scope) => principal.scopes.includes(scope))) return 'FAILS';
  if (isSignInProven(condition, principal, now)) return 'HOLDS';
  // A machine has no sign-in to repeat, so asking it to step up would send it round in circles.
  return principal.kind === 'USER' ? 'STEP_UP' : 'FAILS';
}

function isSignInProven({ mfa, maxAuthAgeSeconds }: Condition, principal: Principal, now: Date): boolean {
  if (mfa && !principal.mfa) return false;
  if (maxAuthAgeSeconds === null) return true;
  if (principal.authenticatedAt === null) return false;
  return now.getTime() - principal.authenticatedAt.getTime() <= maxAuthAgeSeconds * 1000;
}
