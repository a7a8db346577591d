import {
  createMachineClient,
  deleteMachineClient,
  listMachineClients,
  retireMachineClientSecret,
  rotateMachineClientSecret,
} from '../../domain/machine-client/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';

export const machineClientResolvers = {
  Query: { machineClients: (_, _args, { domain }) => listMachineClients(domain) },
  Mutation: {
    createMachineClient: (_, { input }, { domain }) => createMachineClient(domain, input),
    rotateMachineClientSecret: (_, { input }, { domain }) => rotateMachineClientSecret(domain, input),
    retireMachineClientSecret: async (_, { input }, { domain }) => ({
      machineClient: await retireMachineClientSecret(domain, input),
    }),
    deleteMachineClient: async (_, { input }, { domain }) => ({
      machineClient: await deleteMachineClient(domain, input),
    }),
  },
  MachineClient: { scopes: ({ scopes }) => [...scopes] },
} satisfies Resolvers;
