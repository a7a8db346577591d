import type { Principal } from '../identity/principal.ts';
import { decide } from './decide.ts';
import { type Clause, type Condition, type Rule, toClause, toRule } from './rule.ts';

/** The clauses of a rule that this caller does not meet. */
export function unmetClauses({ allOf }: Rule, principal: Principal | null, now: Date): readonly Clause[] {
  return allOf.filter((clause) => !decide(toRule([clause]), principal, now).allowed);
}

/** What the caller lacks for a rule, in plain words: of each alternative, the parts that do not hold. */
export function describeMissing(rule: Rule, principal: Principal, now: Date): string {
  const describe = (condition: Condition) => {
    const unmet = partsOf(condition).filter(
      (part) => unmetClauses(toRule([toClause([part])]), principal, now).length > 0,
    );
    return unmet.map(describePart).join(' and ');
  };
  const clauses = unmetClauses(rule, principal, now);
  return clauses.map(({ anyOf }) => anyOf.map(describe).join(', or ')).join('; and ');
}

const NOTHING: Condition = { groups: null, scopes: null, callers: null, maxAuthAgeSeconds: null, mfa: false };

/** A condition taken apart: each part asks for one thing. */
function partsOf({ groups, scopes, callers, maxAuthAgeSeconds, mfa }: Condition): readonly Condition[] {
  return [
    ...(callers ? [{ ...NOTHING, callers }] : []),
    ...(groups ? [{ ...NOTHING, groups }] : []),
    ...(scopes ? [{ ...NOTHING, scopes }] : []),
    ...(maxAuthAgeSeconds === null ? [] : [{ ...NOTHING, maxAuthAgeSeconds }]),
    ...(mfa ? [{ ...NOTHING, mfa }] : []),
  ];
}

function describePart({ groups, scopes, callers, maxAuthAgeSeconds }: Condition): string {
  if (callers) return callers.includes('USER') ? 'a person as the caller' : 'a machine as the caller';
  if (groups) return describeList('group', groups);
  if (scopes) return describeList('scope', scopes);
  return maxAuthAgeSeconds === null ? 'a second factor' : `a sign-in at most ${maxAuthAgeSeconds} seconds old`;
}

function describeList(what: string, names: readonly string[]): string {
  return names.length === 1 ? `the ${what} ${names[0]}` : `one of the ${what}s ${names.join(', ')}`;
}
