import { createTenant, getTenant, listTenants, type Tenant } from '../../domain/tenant/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';
import { connection } from './connection.ts';

export const tenantResolvers = {
  Query: {
    tenant: (_, { id }, { domain }) => getTenant(domain, id),
    tenants: (_, args, { domain }) => listTenants(domain, args),
  },
  Mutation: { createTenant: async (_, { input }, { domain }) => ({ tenant: await createTenant(domain, input) }) },
  TenantConnection: connection<Tenant>(),
} satisfies Resolvers;
