import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/access/decide.ts';
import type { Condition } from '../../../src/access/rule.ts';
import { toClause, toRule } from '../../../src/access/rule.ts';
import { aMachine, anAdmin, aUser, NOW } from './fixtures.ts';

const ruleOf = (...clauses: readonly Partial<Condition>[][]) =>
  toRule(
    clauses.map((alternatives) =>
      toClause(
        alternatives.map((given) => ({
          groups: null,
          scopes: null,
          callers: null,
          maxAuthAgeSeconds: null,
          mfa: false,
          ...given,
        })),
      ),
    ),
  );

const answer = (rule: ReturnType<typeof ruleOf>, principal: Parameters<typeof decide>[1]) => {
  const decision = decide(rule, principal, NOW);
  return decision.allowed ? 'ALLOWED' : decision.code;
};

describe('decide', () => {
  it('lets a stranger through an open rule only', () => {
    expect(answer(ruleOf(), null)).toBe('ALLOWED');
    expect(answer(ruleOf([{}]), null)).toBe('UNAUTHENTICATED');
  });

  it('lets any verified caller through bare @auth', () => {
    expect(answer(ruleOf([{}]), aUser())).toBe('ALLOWED');
    expect(answer(ruleOf([{}]), aMachine())).toBe('ALLOWED');
  });

  it('asks for one group of a list', () => {
    expect(answer(ruleOf([{ groups: ['TenantOwners', 'TenantMembers'] }]), aUser())).toBe('ALLOWED');
    expect(answer(ruleOf([{ groups: ['TenantOwners'] }]), aUser())).toBe('FORBIDDEN');
  });

  it.each(['admins', 'Admins ', 'Admin', 'AdminsX'])('takes %j for no group of ours', (group) => {
    expect(answer(ruleOf([{ groups: ['Admins'] }]), aUser({ groups: [group] }))).toBe('FORBIDDEN');
  });

  it('asks for one scope of a list', () => {
    expect(answer(ruleOf([{ scopes: ['notes/read', 'tenantry/members.read'] }]), aMachine())).toBe('ALLOWED');
    expect(answer(ruleOf([{ scopes: ['notes/read'] }]), aMachine())).toBe('FORBIDDEN');
  });

  it('asks for everything one @auth names', () => {
    const rule = ruleOf([{ groups: ['TenantMembers'], scopes: ['tenantry/members.read'] }]);
    expect(answer(rule, aUser())).toBe('FORBIDDEN');
    expect(answer(rule, aUser({ scopes: ['tenantry/members.read'] }))).toBe('ALLOWED');
  });

  it('takes any one of several @auth', () => {
    const rule = ruleOf([{ groups: ['Admins'] }, { scopes: ['tenantry/members.read'] }]);
    expect(answer(rule, anAdmin())).toBe('ALLOWED');
    expect(answer(rule, aMachine())).toBe('ALLOWED');
    expect(answer(rule, aUser())).toBe('FORBIDDEN');
  });

  it('asks for the rule of the type and the rule of the field', () => {
    const rule = ruleOf([{ groups: ['TenantMembers'] }], [{ groups: ['Admins'] }]);
    expect(answer(rule, aUser())).toBe('FORBIDDEN');
    expect(answer(rule, anAdmin())).toBe('FORBIDDEN');
    expect(answer(rule, anAdmin({ groups: ['Admins', 'TenantMembers'] }))).toBe('ALLOWED');
  });

  it('gives a machine no groups, whatever its token says', () => {
    expect(answer(ruleOf([{ groups: ['Admins'] }]), aMachine({ groups: ['Admins'] }))).toBe('FORBIDDEN');
  });

  it('tells people from machines', () => {
    expect(answer(ruleOf([{ callers: ['USER'] }]), aMachine())).toBe('FORBIDDEN');
    expect(answer(ruleOf([{ callers: ['MACHINE'] }]), aUser())).toBe('FORBIDDEN');
  });

  it('asks a stale sign-in to step up, at the second after the last', () => {
    const rule = ruleOf([{ maxAuthAgeSeconds: 900 }]);
    const signedInFor = (seconds: number) => aUser({ authenticatedAt: new Date(NOW.getTime() - seconds * 1000) });
    expect(answer(rule, signedInFor(900))).toBe('ALLOWED');
    expect(answer(rule, signedInFor(901))).toBe('STEP_UP_REQUIRED');
  });

  it('takes a missing or unreadable sign-in time for none', () => {
    const rule = ruleOf([{ maxAuthAgeSeconds: 900 }]);
    expect(answer(rule, aUser({ authenticatedAt: null }))).toBe('STEP_UP_REQUIRED');
    expect(answer(rule, aUser({ authenticatedAt: new Date(Number.NaN) }))).toBe('STEP_UP_REQUIRED');
  });

  it('asks for a second factor that was not proven', () => {
    expect(answer(ruleOf([{ mfa: true }]), aUser())).toBe('STEP_UP_REQUIRED');
    expect(answer(ruleOf([{ mfa: true }]), aUser({ mfa: true }))).toBe('ALLOWED');
  });

  it('does not send to step up whom that would not help', () => {
    expect(answer(ruleOf([{ groups: ['Admins'], mfa: true }]), aUser())).toBe('FORBIDDEN');
    expect(answer(ruleOf([{ mfa: true }], [{ groups: ['Admins'] }]), aUser())).toBe('FORBIDDEN');
    expect(answer(ruleOf([{ mfa: true }]), aMachine())).toBe('FORBIDDEN');
  });

  it('names the rule and the caller in the reason', () => {
    expect(decide(ruleOf([{ groups: ['Admins'] }]), aUser(), NOW)).toMatchObject({
      reason: 'USER mia does not meet @auth(groups: ["Admins"])',
      rule: '@auth(groups: ["Admins"])',
    });
  });

  it('names in the reason what is missing alone, and the rule whole', () => {
    const rule = ruleOf([{ groups: ['TenantMembers'] }], [{ groups: ['Admins'] }], [{ mfa: true }]);
    expect(decide(rule, aUser(), NOW)).toMatchObject({
      reason: 'USER mia does not meet @auth(groups: ["Admins"])',
      rule: rule.text,
    });
    expect(decide(rule, aUser({ groups: ['Admins', 'TenantMembers'] }), NOW)).toMatchObject({
      reason: 'USER mia must prove a fresher or stronger sign-in for @auth(mfa: true)',
      rule: rule.text,
    });
  });
});
