import {
  acceptInvitation,
  declineInvitation,
  type Invitation,
  inviteMember,
  listInvitations,
  resendInvitation,
  revokeInvitation,
} from '../../domain/invitation/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';
import { connection } from './connection.ts';
import { scopeOf } from './scope-of.ts';

export const invitationResolvers = {
  Query: { invitations: (_, args, { domain }) => listInvitations(domain, args) },
  Mutation: {
    inviteMember: (_, { input }, { domain }) => inviteMember(domain, input),
    resendInvitation: (_, { input }, { domain }) => resendInvitation(domain, input),
    revokeInvitation: async (_, { input }, { domain }) => ({ invitation: await revokeInvitation(domain, input) }),
    acceptInvitation: async (_, { input }, { domain }) => ({ membership: await acceptInvitation(domain, input) }),
    declineInvitation: async (_, { input }, { domain }) => {
      await declineInvitation(domain, input);
      return { declined: true };
    },
  },
  Invitation: {
    invitedBy: (invitation, _args, { loaders }) =>
      invitation.invitedById === null ? null : loaders.membership(scopeOf(invitation), invitation.invitedById),
  },
  InvitationConnection: connection<Invitation>(),
} satisfies Resolvers;
