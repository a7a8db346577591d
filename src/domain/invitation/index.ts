export { acceptInvitation } from './accept-invitation.ts';
export { declineInvitation } from './decline-invitation.ts';
export type { Invitation } from './invitation.ts';
export { inviteMember } from './invite-member.ts';
export { isInvited } from './is-invited.ts';
export { joinOnConfirmation } from './join-on-confirmation.ts';
export { type ListInvitationsArgs, listInvitations } from './list-invitations.ts';
export { resendInvitation } from './resend-invitation.ts';
export { revokeInvitation } from './revoke-invitation.ts';
