/** The pool group of platform staff: who may read under reach PLATFORM. */
export const PLATFORM_GROUP = 'Admins';

/** What a schema may name. What is not listed here does not build, so a misspelt name never closes or opens a field. */
export type Registry = {
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  /** Names of directives a team defines and enforces itself, beside the three of the contract. */
  readonly directives: readonly string[];
};

/** The groups and scopes Tenantry itself knows. A team with its own passes a larger registry. */
export const REGISTRY: Registry = Object.freeze({
  groups: Object.freeze([PLATFORM_GROUP, 'Users', 'TenantOwners', 'TenantAdmins', 'TenantMembers']),
  scopes: Object.freeze(['tenantry/members.read']),
  directives: Object.freeze([]),
});
