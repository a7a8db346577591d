import { describe, expect, it } from 'vitest';
import { describeMissing } from '../../../src/access/missing.ts';
import { aMachine, aUser, compile, NOW } from './fixtures.ts';

const missing = (rule: string, principal = aUser()) =>
  describeMissing(compile(`type Query { a: Int ${rule} }`).field('Query', 'a').rule, principal, NOW);

describe('describeMissing names', () => {
  it.each([
    ['a group', '@auth(groups: ["Admins"])', 'the group Admins'],
    ['any of several groups', '@auth(groups: ["Admins", "TenantOwners"])', 'one of the groups Admins, TenantOwners'],
    ['a scope', '@auth(scopes: ["tenantry/members.read"])', 'the scope tenantry/members.read'],
    ['a machine', '@auth(callers: [MACHINE])', 'a machine as the caller'],
    ['a fresh sign-in', '@auth(maxAuthAgeSeconds: 10)', 'a sign-in at most 10 seconds old'],
    ['a second factor', '@auth(mfa: true)', 'a second factor'],
    ['all that one rule asks', '@auth(groups: ["Admins"], mfa: true)', 'the group Admins and a second factor'],
    ['every alternative', '@auth(groups: ["Admins"]) @auth(mfa: true)', 'the group Admins, or a second factor'],
  ])('%s', (_what, rule, words) => {
    expect(missing(rule)).toBe(words);
  });

  it('a person, to a machine', () => {
    expect(missing('@auth(callers: [USER])', aMachine())).toBe('a person as the caller');
  });

  it('nothing that holds', () => {
    expect(missing('@auth(groups: ["TenantMembers"], mfa: true)')).toBe('a second factor');
    expect(missing('@auth(groups: ["TenantMembers"])')).toBe('');
  });

  it('what the type and the field ask, each', () => {
    const plan = compile(`type Query { a: A @auth } type A @auth(groups: ["Admins"]) { x: Int @auth(mfa: true) }`);
    expect(describeMissing(plan.field('A', 'x').rule, aUser(), NOW)).toBe('the group Admins; and a second factor');
  });
});
