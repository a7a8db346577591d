import {
  addTenantDomain,
  joinByDomain,
  removeTenantDomain,
  toRecordName,
  toRecordValue,
  verifyTenantDomain,
} from '../../domain/tenant-domain/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';

export const tenantDomainResolvers = {
  Mutation: {
    addTenantDomain: async (_, { input }, { domain }) => ({ domain: await addTenantDomain(domain, input) }),
    verifyTenantDomain: async (_, { input }, { domain }) => ({ domain: await verifyTenantDomain(domain, input) }),
    removeTenantDomain: async (_, { input }, { domain }) => ({ domain: await removeTenantDomain(domain, input) }),
    joinByDomain: async (_, _args, { domain }) => ({ membership: await joinByDomain(domain) }),
  },
  TenantDomain: { recordName: toRecordName, recordValue: toRecordValue },
} satisfies Resolvers;
