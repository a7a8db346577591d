import type { Invitation } from './invitation.ts';

/** An invitation with the secret that is shown this once. */
export type SentInvitation = {
  readonly invitation: Invitation;
  readonly secret: string;
  /** False where it is for the caller to hand the secret over. */
  readonly mailed: boolean;
};

/** Hands an invitation that is kept to whoever made it. */
export function toSent(invitation: Invitation, secret: string): SentInvitation {
  return { invitation, secret, mailed: false };
}
