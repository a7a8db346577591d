import { describe, expect, it } from 'vitest';
import { groupsOfRole, looksLikeRoleGroup, roleOfGroups } from '../../src/identity/groups.ts';

describe('groupsOfRole', () => {
  it.each([
    ['OWNER', ['TenantOwners', 'TenantAdmins', 'TenantMembers']],
    ['ADMIN', ['TenantAdmins', 'TenantMembers']],
    ['MEMBER', ['TenantMembers']],
    [null, []],
  ] as const)('gives %s its groups, the lower ones too', (role, groups) => {
    expect(groupsOfRole(role)).toEqual(groups);
  });
});

describe('roleOfGroups', () => {
  it.each(['OWNER', 'ADMIN', 'MEMBER', null] as const)('finds %s in the groups of that role', (role) => {
    expect(roleOfGroups(groupsOfRole(role).toReversed())).toBe(role);
  });
});

describe('looksLikeRoleGroup', () => {
  it.each([
    'TenantOwners',
    'tenantadmins',
    'TENANT MEMBERS',
    'tenant.owner',
    'Tenant\u200dMembers',
    '\u202eTenantAdmins',
    '\uff54\uff45\uff4e\uff41\uff4e\uff54\uff41\uff44\uff4d\uff49\uff4e\uff53',
  ])('says yes to %j', (group) => {
    expect(looksLikeRoleGroup(group)).toBe(true);
  });

  it.each(['Admins', 'Users', 'Tenants', 'TenantOwnersClub', 'SuperTenantAdmins', ''])('says no to %j', (group) => {
    expect(looksLikeRoleGroup(group)).toBe(false);
  });
});
