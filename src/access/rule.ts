import { isRoleGroup } from '../identity/groups.ts';
import type { CallerKind } from '../identity/principal.ts';

/** One `@auth`: all it names must hold, and within a list any one suffices. Null: not asked. */
export type Condition = {
  readonly groups: readonly string[] | null;
  readonly scopes: readonly string[] | null;
  readonly callers: readonly CallerKind[] | null;
  readonly maxAuthAgeSeconds: number | null;
  readonly mfa: boolean;
};

/** Alternatives, of which one suffices. `text` is their SDL, the same for the same alternatives in any order. */
export type Clause = { readonly anyOf: readonly Condition[]; readonly text: string };

/** Clauses that must all hold. None: open to everyone. */
export type Rule = {
  readonly allOf: readonly Clause[];
  /** The same for the same rule. */
  readonly text: string;
  /** Some alternative asks for what a caller has in one tenant alone: a role or a scope. */
  readonly isTenantBound: boolean;
};

/** Any caller whose token was verified. */
export const BARE: Clause = toClause([
  { groups: null, scopes: null, callers: null, maxAuthAgeSeconds: null, mfa: false },
]);

export function isBare(clause: Clause): boolean {
  return clause.text === BARE.text;
}

export function toClause(conditions: readonly Condition[]): Clause {
  const alternatives = [...new Set(conditions.map(printCondition))].sort();
  return Object.freeze({ anyOf: Object.freeze(conditions.map(toFrozen)), text: alternatives.join(' | ') });
}

function toFrozen({ groups, scopes, callers, maxAuthAgeSeconds, mfa }: Condition): Condition {
  return Object.freeze({
    groups: groups && Object.freeze([...groups]),
    scopes: scopes && Object.freeze([...scopes]),
    callers: callers && Object.freeze([...callers]),
    maxAuthAgeSeconds,
    mfa,
  });
}

/** Joins clauses into one rule: doubles count once, and the bare clause is implied by any other. */
export function toRule(clauses: readonly Clause[]): Rule {
  const distinct = new Map(clauses.map((clause) => [clause.text, clause]));
  if (distinct.size > 1) distinct.delete(BARE.text);
  const allOf = [...distinct.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  return Object.freeze({
    allOf: Object.freeze(allOf),
    text: printRule(allOf),
    isTenantBound: allOf.some(({ anyOf }) => anyOf.some(asksForRoleOrScope)),
  });
}

function asksForRoleOrScope({ groups, scopes }: Condition): boolean {
  return scopes !== null || groups?.some(isRoleGroup) === true;
}

/** The clauses that `given` does not already promise. */
export function clausesBeyond(clauses: readonly Clause[], given: Rule): readonly Clause[] {
  const promised = new Set(given.allOf.map(({ text }) => text));
  if (promised.size > 0) promised.add(BARE.text);
  return clauses.filter(({ text }) => !promised.has(text));
}

function printRule(allOf: readonly Clause[]): string {
  if (allOf.length === 0) return 'open';
  if (allOf.length === 1) return allOf[0]?.text ?? '';
  return allOf.map(({ anyOf, text }) => (anyOf.length > 1 ? `(${text})` : text)).join(' & ');
}

function printCondition(condition: Condition): string {
  const parts = [
    printList(
      'groups',
      condition.groups?.map((group) => JSON.stringify(group)),
    ),
    printList(
      'scopes',
      condition.scopes?.map((scope) => JSON.stringify(scope)),
    ),
    printList('callers', condition.callers),
    condition.maxAuthAgeSeconds === null ? '' : `maxAuthAgeSeconds: ${condition.maxAuthAgeSeconds}`,
    condition.mfa ? 'mfa: true' : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '@auth' : `@auth(${parts.join(', ')})`;
}

function printList(name: string, values: readonly string[] | null | undefined): string {
  return values ? `${name}: [${[...new Set(values)].sort().join(', ')}]` : '';
}
