export { assertStillMember } from './assert-still-member.ts';
export { changeMemberRole } from './change-member-role.ts';
export { findOwnMembership, listOwnMemberships } from './find-own-membership.ts';
export { findTokenMembership, type TokenMembership } from './find-token-membership.ts';
export { getMember } from './get-member.ts';
export { type ListMembersArgs, listMembers } from './list-members.ts';
export { loadMemberships } from './load-memberships.ts';
export type { Membership } from './membership.ts';
export { removeMember } from './remove-member.ts';
