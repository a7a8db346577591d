import { groupsOfRole } from '../identity/groups.ts';
import type { MembershipRole, Principal } from '../identity/principal.ts';
import { PLATFORM_GROUP, REGISTRY, type Registry } from './registry.ts';

/** One kind of caller. */
export type Column = {
  /** Stands for it in the JSON. */
  readonly key: string;
  readonly title: string;
  readonly principal: Principal | null;
};

/** The callers of an access matrix: one for each role, for each group a team adds, and for each scope of a machine. */
export function toColumns({ groups, scopes }: Registry): readonly Column[] {
  const ownGroups = groups.filter((group) => !REGISTRY.groups.includes(group));
  return [
    { key: 'anonymous', title: 'anonymous', principal: null },
    { key: 'noTenant', title: 'user without a tenant', principal: aUser(null) },
    { key: 'member', title: 'member', principal: aUser('MEMBER') },
    { key: 'admin', title: 'admin', principal: aUser('ADMIN') },
    { key: 'owner', title: 'owner', principal: aUser('OWNER') },
    ...ownGroups.map((group) => ({
      key: `member:${group}`,
      title: `member in ${group}`,
      principal: aUser('MEMBER', [group]),
    })),
    { key: 'platformAdmin', title: 'platform admin', principal: aUser(null, [PLATFORM_GROUP]) },
    { key: 'machine', title: 'machine', principal: aMachine([]) },
    ...scopes.map((scope) => ({
      key: `machine:${scope}`,
      title: `machine with ${scope}`,
      principal: aMachine([scope]),
    })),
  ];
}

const NOBODY = {
  subject: 'somebody',
  clientId: 'some-client',
  username: null,
  groups: [],
  scopes: [],
  tenantId: null,
  tenantRole: null,
  membershipVersion: null,
  sessionId: null,
  // A sign-in of no known time, without a second factor: too old for any rule that asks for its age.
  authenticatedAt: null,
  mfa: false,
  expiresAt: new Date(0),
  claims: {},
};

function aUser(tenantRole: MembershipRole | null, groups: readonly string[] = []): Principal {
  const tenantId = tenantRole === null ? null : 'some-tenant';
  return { ...NOBODY, kind: 'USER', tenantId, tenantRole, groups: ['Users', ...groupsOfRole(tenantRole), ...groups] };
}

function aMachine(scopes: readonly string[]): Principal {
  return { ...NOBODY, kind: 'MACHINE', tenantId: 'some-tenant', scopes };
}
