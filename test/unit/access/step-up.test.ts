import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/access/decide.ts';
import { type Condition, toClause, toRule } from '../../../src/access/rule.ts';
import type { StepUp } from '../../../src/access/step-up.ts';
import { stepUpRequired } from '../../../src/access/step-up-required.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { aMachine, aUser, NOW } from './fixtures.ts';

const OPEN: Condition = { groups: null, scopes: null, callers: null, maxAuthAgeSeconds: null, mfa: false };
type Alternatives = readonly Partial<Condition>[];

const toRuleOf = (clauses: readonly Alternatives[]) =>
  toRule(clauses.map((alternatives) => toClause(alternatives.map((given) => ({ ...OPEN, ...given })))));

const signedIn = (secondsAgo: number, overrides: Partial<Principal> = {}) =>
  aUser({ authenticatedAt: new Date(NOW.getTime() - secondsAgo * 1000), ...overrides });

/** What a member who signed in an hour ago, with one factor, is asked for; otherwise the code he is answered. */
function askedOf(clauses: readonly Alternatives[], principal = signedIn(3600)) {
  const decision = decide(toRuleOf(clauses), principal, NOW);
  if (decision.allowed) return 'ALLOWED';
  return decision.code === 'STEP_UP_REQUIRED' ? decision.stepUp : decision.code;
}

const age = (maxAuthAgeSeconds: number, mfa = false): StepUp => ({ maxAuthAgeSeconds, mfa });
const MFA: StepUp = { maxAuthAgeSeconds: null, mfa: true };

describe('a caller who must step up is asked for', () => {
  it.each<[string, StepUp, readonly Alternatives[]]>([
    ['a fresh sign-in', age(900), [[age(900)]]],
    ['a second factor', MFA, [[MFA]]],
    ['both', age(900, true), [[age(900, true)]]],
    ['the older of two sign-ins that would do', age(900), [[age(60), age(900)]]],
    ['one factor, where that does in a fresher sign-in', age(60), [[age(900, true), age(60), MFA]]],
    ['a second factor at any age, rather than a fresh one', MFA, [[age(900, true), MFA]]],
    ['what his group asks, not what another does', age(60), [[{ groups: ['Admins'], ...age(900) }, age(60)]]],
    ['what his kind of caller asks', age(60), [[{ callers: ['MACHINE'] }, { callers: ['USER'], ...age(60) }]]],
    ['the freshest sign-in of all clauses', age(60), [[age(900)], [age(60)]]],
    ['a second factor if any clause wants one', age(900, true), [[age(900)], [MFA]]],
    ['nothing for a clause that wants no sign-in', age(900), [[age(900)], [{ groups: ['TenantMembers'] }, MFA]]],
  ])('%s', (_, asked, clauses) => {
    expect(askedOf(clauses)).toEqual(asked);
  });

  it('all of it, also what his sign-in proves already: a new one would have to prove that too', () => {
    expect(askedOf([[age(900)], [MFA]], signedIn(3600, { mfa: true }))).toEqual(age(900, true));
    expect(askedOf([[age(900)], [MFA]], signedIn(60))).toEqual(age(900, true));
  });

  it('nothing, where no sign-in would help', () => {
    expect(askedOf([[age(900)], [{ groups: ['Admins'] }]])).toBe('FORBIDDEN');
    expect(askedOf([[{ groups: ['Admins'], ...age(900) }]])).toBe('FORBIDDEN');
    expect(askedOf([[age(900)]], aMachine())).toBe('FORBIDDEN');
  });
});

const anyOf = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const condition = fc.record({
  groups: anyOf(null, ['Admins'], ['TenantMembers']),
  scopes: anyOf(null, null, ['tenantry/members.read']),
  callers: anyOf<Condition['callers']>(null, null, ['USER'], ['MACHINE']),
  maxAuthAgeSeconds: anyOf(null, 60, 900),
  mfa: fc.boolean(),
});
const rule = fc
  .array(fc.array(condition, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map(toRuleOf);
const caller = anyOf(
  signedIn(3600),
  signedIn(300),
  signedIn(300, { mfa: true }),
  signedIn(3600, { groups: [] }),
  aMachine(),
);

/** The same caller after the best sign-in that still is no better than asked. */
const signInAgain = (principal: Principal, { maxAuthAgeSeconds, mfa }: StepUp) =>
  signedIn(maxAuthAgeSeconds ?? 1e9, { groups: principal.groups, mfa });

describe('a refusal by the sign-in', () => {
  it('ends with a sign-in that proves what was asked and no more', () => {
    fc.assert(
      fc.property(rule, caller, (rule, principal) => {
        const decision = decide(rule, principal, NOW);
        fc.pre(!decision.allowed && decision.code === 'STEP_UP_REQUIRED');
        expect(decide(rule, signInAgain(principal, decision.stepUp), NOW)).toEqual({ allowed: true });
      }),
      { numRuns: 500 },
    );
  });

  it('comes only where a sign-in would end it: FORBIDDEN stays, however strong the next one is', () => {
    fc.assert(
      fc.property(rule, caller, (rule, principal) => {
        const decision = decide(rule, principal, NOW);
        fc.pre(!decision.allowed && decision.code === 'FORBIDDEN');
        const best = {
          ...principal,
          mfa: principal.kind === 'USER',
          authenticatedAt: principal.authenticatedAt && NOW,
        };
        expect(decide(rule, best, NOW)).toMatchObject({ code: 'FORBIDDEN' });
      }),
      { numRuns: 500 },
    );
  });
});

describe('stepUpRequired', () => {
  const told = (stepUp: StepUp) => stepUpRequired(stepUp, 'for the log');

  it.each([
    [age(900), 'at most 15 minutes old'],
    [age(60), 'at most 1 minute old'],
    [age(90), 'at most 90 seconds old'],
    [age(1), 'at most 1 second old'],
    [age(86_400), 'at most 24 hours old'],
    [MFA, 'with your second factor'],
    [age(3600, true), 'at most 1 hour old and with your second factor'],
  ])('says %j in words', (stepUp, words) => {
    expect(told(stepUp).message).toBe(`Sign in again: this needs a sign-in ${words}.`);
  });

  it.each([
    [age(900), { maxAuthAgeSeconds: 900 }],
    [MFA, { mfa: true }],
    [age(900, true), { maxAuthAgeSeconds: 900, mfa: true }],
  ])('names in %j what is asked, and nothing that is not', (stepUp, details) => {
    expect(told(stepUp)).toMatchObject({ code: 'STEP_UP_REQUIRED', reason: 'for the log', details });
    expect(Object.keys(told(stepUp).details)).toEqual(Object.keys(details));
  });
});
