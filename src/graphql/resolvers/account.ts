import { deleteMyAccount, exportMyData } from '../../domain/account/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';

export const accountResolvers = {
  Mutation: {
    exportMyData: async (_, _args, { domain }) => ({ data: await exportMyData(domain) }),
    deleteMyAccount: async (_, { input }, { domain }) => ({ userId: await deleteMyAccount(domain, input) }),
  },
} satisfies Resolvers;
