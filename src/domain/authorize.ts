import { forbidden } from '../errors.ts';
import { ADMINS } from '../identity/groups.ts';
import type { Principal } from '../identity/principal.ts';

type Rule = (principal: Principal) => boolean;

const isUser: Rule = (principal) => principal.kind === 'USER';
const isAdmin: Rule = (principal) => isUser(principal) && principal.groups.includes(ADMINS);
export const hasGroup =
  (group: string): Rule =>
  (principal) =>
    isUser(principal) && principal.groups.includes(group);
export const hasScope =
  (scope: string): Rule =>
  (principal) =>
    principal.scopes.includes(scope);
export const either =
  (...rules: readonly Rule[]): Rule =>
  (principal) =>
    rules.some((rule) => rule(principal));

// The domain's own word on who may do what. It repeats the directives on purpose: a verb is safe whoever calls it.
const RULES = {
  acceptInvitation: isUser,
  addTenantDomain: hasGroup('TenantOwners'),
  awsCredentials: isUser,
  bindAppClient: isAdmin,
  changeAnyTenant: isAdmin,
  changeMemberRole: hasGroup('TenantAdmins'),
  createMachineClient: hasGroup('TenantOwners'),
  createTenant: isUser,
  createTenantForOther: isAdmin,
  declineInvitation: isUser,
  deleteMachineClient: hasGroup('TenantOwners'),
  deleteMyAccount: isUser,
  deleteTenant: either(hasGroup('TenantOwners'), isAdmin),
  disableUser: isAdmin,
  enableUser: isAdmin,
  exportMyData: isUser,
  inviteMember: hasGroup('TenantAdmins'),
  joinByDomain: isUser,
  leaveTenant: hasGroup('TenantMembers'),
  listAuditEvents: either(hasGroup('TenantAdmins'), isAdmin),
  listInvitations: hasGroup('TenantAdmins'),
  listMachineClients: hasGroup('TenantOwners'),
  listMembers: either(hasGroup('TenantMembers'), hasScope('tenantry/members.read')),
  listTenants: isAdmin,
  listUsers: isAdmin,
  readAnyTenant: isAdmin,
  removeMember: hasGroup('TenantAdmins'),
  removeTenantDomain: hasGroup('TenantOwners'),
  resendInvitation: hasGroup('TenantAdmins'),
  resumeTenant: isAdmin,
  retireMachineClientSecret: hasGroup('TenantOwners'),
  revokeInvitation: hasGroup('TenantAdmins'),
  rotateMachineClientSecret: hasGroup('TenantOwners'),
  setTenantPolicy: either(hasGroup('TenantOwners'), isAdmin),
  signOut: isUser,
  signOutEverywhere: isUser,
  suspendTenant: isAdmin,
  switchTenant: isUser,
  unbindAppClient: isAdmin,
  updateProfile: isUser,
  updateTenant: either(hasGroup('TenantAdmins'), isAdmin),
  verifyTenantDomain: hasGroup('TenantOwners'),
} satisfies Record<string, Rule>;

export type Action = keyof typeof RULES;

export function isAllowed(principal: Principal, action: Action): boolean {
  return RULES[action](principal);
}

/** Throws FORBIDDEN when the caller may not do `action` at all; what it may be done to is the verb's own question. */
export function authorize({ principal }: { readonly principal: Principal }, action: Action): void {
  if (!isAllowed(principal, action)) throw forbidden(`domain: ${action}`);
}
