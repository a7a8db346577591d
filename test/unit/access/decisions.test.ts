import { describe, expect, it } from 'vitest';
import { decideElsewhere, decideOnce, toPrincipalElsewhere } from '../../../src/access/decisions.ts';
import { toClause, toRule } from '../../../src/access/rule.ts';
import { aMachine, aUser, NOW } from './fixtures.ts';

const ANY = { groups: null, scopes: null, callers: null, maxAuthAgeSeconds: null, mfa: false };
const FOR_MEMBERS = toRule([toClause([{ ...ANY, groups: ['TenantMembers'] }])]);
const FRESH = toClause([{ ...ANY, maxAuthAgeSeconds: 60 }]);
const FOR_FRESH_MEMBERS = toRule([FRESH, ...FOR_MEMBERS.allOf]);

/** A clock that tells how often it was asked. */
class WatchedDate extends Date {
  reads = 0;
  override getTime(): number {
    this.reads += 1;
    return super.getTime();
  }
}

describe('a rule decided for rows of other tenants', () => {
  it('is decided once for each caller, beside the decision for the own', () => {
    const now = new WatchedDate(NOW);
    const caller = { principal: aUser({ authenticatedAt: NOW }), now, tenantRules: null };
    const ask = () => [decideOnce, decideElsewhere].map((it) => it(FOR_FRESH_MEMBERS, caller).allowed);
    expect(ask()).toEqual([true, false]);
    const reads = now.reads;
    expect(reads).toBeGreaterThan(0);
    expect(ask()).toEqual([true, false]);
    expect(now.reads).toBe(reads);
  });

  it('refuses nobody at all as UNAUTHENTICATED', () => {
    expect(decideElsewhere(FOR_MEMBERS, { principal: null, now: NOW, tenantRules: null })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('leaves a person the groups of the pool, without role and scopes', () => {
    const groups = ['Admins', 'Billing', 'Users', 'TenantOwners', 'TenantAdmins', 'TenantMembers'];
    const person = aUser({ groups, scopes: ['a/b'], tenantRole: 'OWNER' });
    expect(toPrincipalElsewhere(person)).toEqual({
      ...person,
      groups: ['Admins', 'Billing', 'Users'],
      scopes: [],
      tenantRole: null,
    });
  });

  it('leaves a machine nothing', () => {
    expect(toPrincipalElsewhere(aMachine())).toMatchObject({ groups: [], scopes: [] });
  });
});
