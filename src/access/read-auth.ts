import type { CallerKind } from '../identity/principal.ts';
import type { DirectiveValues } from './directive-values.ts';
import type { Registry } from './registry.ts';
import { type Clause, type Condition, isBare, toClause } from './rule.ts';

const CALLER_KINDS: readonly CallerKind[] = ['USER', 'MACHINE'];

/** The clause a place's `@auth` directives make, or null without one; `refuse` is told what cannot be enforced. */
export function readAuth(
  values: readonly DirectiveValues[],
  registry: Registry,
  refuse: (problem: string) => void,
): Clause | null {
  if (values.length === 0) return null;
  for (const value of values) refuseNulls(value, refuse);
  const conditions = values.map(toCondition);
  for (const condition of conditions) refuseMeaningless(condition, registry, refuse);
  if (conditions.length > 1 && conditions.some((condition) => isBare(toClause([condition])))) {
    refuse('bare @auth beside another lets every caller in; remove one of them');
  }
  return toClause(conditions);
}

function toCondition(value: DirectiveValues): Condition {
  return {
    groups: toStrings(value['groups']),
    scopes: toStrings(value['scopes']),
    callers: toStrings(value['callers'])?.filter(isCallerKind) ?? null,
    maxAuthAgeSeconds: typeof value['maxAuthAgeSeconds'] === 'number' ? value['maxAuthAgeSeconds'] : null,
    mfa: value['mfa'] === true,
  };
}

function refuseNulls(value: DirectiveValues, refuse: (problem: string) => void): void {
  for (const [name, given] of Object.entries(value)) {
    if (given === null) refuse(`@auth(${name}: null) asks for nothing; leave ${name} out`);
  }
  if (value['mfa'] === false) refuse('@auth(mfa: false) asks for nothing; leave mfa out');
}

function refuseMeaningless(condition: Condition, registry: Registry, refuse: (problem: string) => void): void {
  const { groups, scopes, callers, maxAuthAgeSeconds } = condition;
  refuseEmptyOrUnknown('groups', groups, registry.groups, refuse);
  refuseEmptyOrUnknown('scopes', scopes, registry.scopes, refuse);
  refuseEmptyOrUnknown('callers', callers, CALLER_KINDS, refuse);
  if (maxAuthAgeSeconds !== null && maxAuthAgeSeconds <= 0) {
    refuse('@auth(maxAuthAgeSeconds:) must be above 0, or nobody ever passes');
  }
  if (callers && CALLER_KINDS.every((kind) => callers.includes(kind))) {
    refuse('@auth(callers: [USER, MACHINE]) asks for nothing; leave callers out');
  }
  if (callers && !callers.includes('USER') && (groups || maxAuthAgeSeconds !== null || condition.mfa)) {
    refuse(
      'a machine has no groups and no sign-in, so nobody ever passes; ask for scopes, or let callers include USER',
    );
  }
}

function refuseEmptyOrUnknown(
  argument: string,
  names: readonly string[] | null,
  known: readonly string[],
  refuse: (problem: string) => void,
): void {
  if (names?.length === 0) refuse(`@auth(${argument}: []) is an empty list; name at least one, or leave it out`);
  for (const name of names ?? []) {
    if (!known.includes(name)) {
      refuse(`@auth(${argument}:) names ${JSON.stringify(name)}, which is unknown; known are ${known.join(', ')}`);
    }
  }
}

function toStrings(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.map(String) : null;
}

function isCallerKind(name: string): name is CallerKind {
  return name === 'USER' || name === 'MACHINE';
}
