import { parse as parseAgent } from 'bowser';
import { awsCredentials, signOut, signOutEverywhere } from '../../domain/session/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';

export const sessionResolvers = {
  Mutation: {
    awsCredentials: async (_, { input }, { domain }) => ({ credentials: await awsCredentials(domain, input ?? {}) }),
    signOut: async (_, { input }, { domain }) => ({ session: await signOut(domain, input ?? {}) }),
    signOutEverywhere: async (_, _args, { domain }) => ({ sessions: await signOutEverywhere(domain) }),
  },
  Session: {
    device: ({ agent }) => toDevice(agent),
    isCurrent: ({ id }, _args, { principal }) => id === principal?.sessionId,
  },
} satisfies Resolvers;

/** `Firefox on Linux`; of a program that names no system itself alone; null where nothing is named. */
function toDevice(agent: string | null): string | null {
  if (agent === null || agent === '') return null;
  const { browser, os } = parseAgent(agent);
  return [browser.name || agent.split(/[/ ]/, 1)[0], os.name].filter(Boolean).join(' on ') || null;
}
