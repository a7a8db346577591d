import {
  createTenant,
  deleteTenant,
  getTenant,
  listTenants,
  resumeTenant,
  setTenantPolicy,
  suspendTenant,
  type Tenant,
  updateTenant,
} from '../../domain/tenant/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';
import { connection } from './connection.ts';
import { scopeOf } from './scope-of.ts';

export const tenantResolvers = {
  Query: {
    tenant: (_, { id }, { domain }) => getTenant(domain, id),
    tenants: (_, args, { domain }) => listTenants(domain, args),
  },
  Mutation: {
    createTenant: async (_, { input }, { domain }) => ({ tenant: await createTenant(domain, input) }),
    updateTenant: async (_, { input }, { domain }) => ({ tenant: await updateTenant(domain, input) }),
    setTenantPolicy: async (_, { input }, { domain }) => ({ tenant: await setTenantPolicy(domain, input) }),
    deleteTenant: async (_, { input }, { domain }) => ({ tenant: await deleteTenant(domain, input) }),
    suspendTenant: async (_, { input }, { domain }) => ({ tenant: await suspendTenant(domain, input) }),
    resumeTenant: async (_, { input }, { domain }) => ({ tenant: await resumeTenant(domain, input) }),
  },
  Tenant: {
    domains: async (tenant, _args, { loaders }) => [...(await loaders.domainsOfTenant(scopeOf(tenant), tenant.id))],
    policy: ({ mfaRequired, maxSessionAgeSeconds, joinByDomain, memberLimit }) => {
      return { mfaRequired, maxSessionAgeSeconds, joinByDomain, memberLimit };
    },
  },
  TenantConnection: connection<Tenant>(),
} satisfies Resolvers;
