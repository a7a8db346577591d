import type { MembershipRole } from './principal.ts';

/** Platform staff. */
export const ADMINS = 'Admins';

const ROLE_GROUPS: Readonly<Record<MembershipRole, readonly string[]>> = {
  OWNER: ['TenantOwners', 'TenantAdmins', 'TenantMembers'],
  ADMIN: ['TenantAdmins', 'TenantMembers'],
  MEMBER: ['TenantMembers'],
};

/** Groups a role in the current tenant gives; a role holds the lower ones too. */
export function groupsOfRole(role: MembershipRole | null): readonly string[] {
  return role === null ? [] : ROLE_GROUPS[role];
}

/** A group that a role gives. */
export function isRoleGroup(group: string): boolean {
  return groupsOfRole('OWNER').includes(group);
}

/** The highest role whose group is named, when none of a token's claims says the role itself. */
export function roleOfGroups(groups: readonly string[]): MembershipRole | null {
  if (groups.includes('TenantOwners')) return 'OWNER';
  if (groups.includes('TenantAdmins')) return 'ADMIN';
  if (groups.includes('TenantMembers')) return 'MEMBER';
  return null;
}

/**
 * A name that a pool group may not have beside ours: equal to a role group up to case, width and characters nobody sees.
 * Stamped groups come from a membership alone, so the trigger and the reader of claims both drop these first.
 */
export function looksLikeRoleGroup(group: string): boolean {
  const plain = group
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
  return /^tenant(owner|admin|member)s?$/.test(plain);
}

/** The groups a token gives: a pool group that only looks like a role group gives nothing; the role itself does. */
export function toCallerGroups(poolGroups: readonly string[], role: MembershipRole | null): string[] {
  return [...poolGroups.filter((group) => !looksLikeRoleGroup(group)), ...groupsOfRole(role)];
}
