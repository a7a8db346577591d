import type { Condition } from './rule.ts';

/** What a new sign-in must prove: all of it, also what the present one proves already. */
export type StepUp = Pick<Condition, 'maxAuthAgeSeconds' | 'mfa'>;

/**
 * The sign-in that meets every clause. Of the alternatives each clause leaves to the caller, the one that asks least
 * counts: one without a second factor before one with it, and then the one that lets the sign-in be older.
 */
export function toStepUp(clauses: readonly (readonly StepUp[])[]): StepUp {
  const asked = clauses.flatMap((alternatives) => alternatives.toSorted(byDemand).slice(0, 1));
  const age = Math.min(ANY_AGE, ...asked.map(toMaxAge));
  return Object.freeze({ maxAuthAgeSeconds: age === ANY_AGE ? null : age, mfa: asked.some(({ mfa }) => mfa) });
}

const ANY_AGE = Number.MAX_SAFE_INTEGER;

// Not everybody has a second factor; everybody can sign in again.
function byDemand(a: StepUp, b: StepUp): number {
  return Number(a.mfa) - Number(b.mfa) || toMaxAge(b) - toMaxAge(a);
}

function toMaxAge({ maxAuthAgeSeconds }: StepUp): number {
  return maxAuthAgeSeconds ?? ANY_AGE;
}
