import { tenantScope } from '../../domain/context.ts';
import { findOwnMembership, listOwnMemberships } from '../../domain/membership/index.ts';
import { listOwnSessions } from '../../domain/session/index.ts';
import { findOwnProfile } from '../../domain/user/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';

export const viewerResolvers = {
  Query: { viewer: (_, _args, { domain }) => domain.principal },
  Viewer: {
    sub: (principal) => principal.subject,
    groups: (principal) => [...principal.groups],
    scopes: (principal) => [...principal.scopes],
    profile: (_, _args, { domain }) => findOwnProfile(domain),
    tenant: ({ tenantId }, _args, { domain, loaders }) =>
      tenantId === null ? null : loaders.tenant(tenantScope(domain), tenantId),
    membership: (_, _args, { domain }) => findOwnMembership(domain),
    memberships: (_, _args, { domain }) => listOwnMemberships(domain),
    sessions: (_, _args, { domain }) => listOwnSessions(domain),
  },
} satisfies Resolvers;
