import {
  changeMemberRole,
  getMember,
  leaveTenant,
  listMembers,
  type Membership,
  removeMember,
  switchTenant,
} from '../../domain/membership/index.ts';
import { notFound } from '../../errors.ts';
import type { Resolvers } from '../../generated/resolvers.ts';
import { connection } from './connection.ts';
import { scopeOf } from './scope-of.ts';

export const membershipResolvers = {
  Query: {
    members: (_, args, { domain }) => listMembers(domain, args),
    member: (_, { id }, { domain }) => getMember(domain, id),
  },
  Mutation: {
    changeMemberRole: async (_, { input }, { domain }) => ({ membership: await changeMemberRole(domain, input) }),
    removeMember: async (_, { input }, { domain }) => ({ membership: await removeMember(domain, input) }),
    leaveTenant: async (_, _args, { domain }) => ({ membership: await leaveTenant(domain) }),
    switchTenant: async (_, { input }, { domain }) => ({
      membership: await switchTenant(domain, input),
      clientMetadata: { tenant_id: input.tenantId },
    }),
  },
  Membership: {
    tenant: async (membership, _args, { loaders }) =>
      (await loaders.tenant(scopeOf(membership), membership.tenantId)) ?? gone('tenant'),
    user: async (membership, _args, { loaders }) =>
      membership.user ?? (await loaders.user(scopeOf(membership), membership.userId)) ?? gone('user'),
  },
  MembershipConnection: connection<Membership>(),
} satisfies Resolvers;

// Both are kept by foreign keys; only a row removed between two reads of one request is ever missing.
function gone(what: string): never {
  throw notFound(`membership: its ${what} is gone`);
}
