import { bindAppClient, unbindAppClient } from '../../domain/app-client/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';

export const appClientResolvers = {
  Mutation: {
    bindAppClient: async (_, { input }, { domain }) => ({ tenant: await bindAppClient(domain, input) }),
    unbindAppClient: async (_, { input }, { domain }) => ({ tenant: await unbindAppClient(domain, input) }),
  },
} satisfies Resolvers;
