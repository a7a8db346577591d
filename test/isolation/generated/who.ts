import type { Who } from './facts.ts';

const RANKS = { OWNER: 3, ADMIN: 2, MEMBER: 1, MACHINE: 0 };

export const isAnybody: Who = () => true;
export const isVerified: Who = ({ kind }) => kind !== 'NOBODY';
export const isUser: Who = ({ kind }) => kind === 'USER';
export const isStaff: Who = ({ groups }) => groups.includes('Admins');
/** The token names a tenant. */
export const hasTenant: Who = ({ tenant }) => tenant !== null;
/** There is a membership behind what the token says. */
export const isStillMember: Who = ({ tenant, memberOf }) => tenant !== null && memberOf.includes(tenant);

/** The token says this role, or one above. */
export function isRanked(role: keyof typeof RANKS): Who {
  return ({ standing }) => standing !== null && RANKS[standing] >= RANKS[role];
}

export function isRankedOrStaff(role: keyof typeof RANKS): Who {
  return (caller) => isRanked(role)(caller) || isStaff(caller);
}

export function isMemberOrHas(scope: string): Who {
  return (caller) => isRanked('MEMBER')(caller) || caller.scopes.includes(scope);
}
