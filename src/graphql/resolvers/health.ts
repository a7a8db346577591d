import type { Resolvers } from '../../generated/resolvers.ts';

export const healthResolvers = {
  Query: { health: () => ({ status: 'ok' }) },
} satisfies Resolvers;
