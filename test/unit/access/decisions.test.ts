import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../../src/access/decide.ts';
import { decideElsewhere, decideOnce, toPrincipalElsewhere } from '../../../src/access/decisions.ts';
import { toClause, toRule } from '../../../src/access/rule.ts';
import { aMachine, aUser, NOW } from './fixtures.ts';

vi.mock('../../../src/access/decide.ts', { spy: true });

const ANY = { groups: null, scopes: null, callers: null, maxAuthAgeSeconds: null, mfa: false };
const FOR_MEMBERS = toRule([toClause([{ ...ANY, groups: ['TenantMembers'] }])]);

describe('a rule decided for rows of other tenants', () => {
  beforeEach(() => vi.clearAllMocks());

  it('is decided once for each caller, beside the decision for the own', () => {
    const caller = { principal: aUser(), now: NOW };
    const allowed = [decideOnce, decideElsewhere, decideOnce, decideElsewhere].map((it) => it(FOR_MEMBERS, caller));
    expect(allowed.map((decision) => decision.allowed)).toEqual([true, false, true, false]);
    expect(decide).toHaveBeenCalledTimes(2);
  });

  it('refuses nobody at all as UNAUTHENTICATED', () => {
    expect(decideElsewhere(FOR_MEMBERS, { principal: null, now: NOW })).toMatchObject({ code: 'UNAUTHENTICATED' });
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
