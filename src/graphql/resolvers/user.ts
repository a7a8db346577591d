import { disableUser, enableUser, listUsers, type User, updateProfile } from '../../domain/user/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';
import { connection } from './connection.ts';

export const userResolvers = {
  Query: { users: (_, args, { domain }) => listUsers(domain, args) },
  Mutation: {
    updateProfile: async (_, { input }, { domain }) => ({ user: await updateProfile(domain, input) }),
    disableUser: async (_, { input }, { domain }) => ({ user: await disableUser(domain, input) }),
    enableUser: async (_, { input }, { domain }) => ({ user: await enableUser(domain, input) }),
  },
  UserConnection: connection<User>(),
} satisfies Resolvers;
