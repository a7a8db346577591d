import { createHash } from 'node:crypto';
import type { Mail } from '../../mail/mailer.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { loadTenants } from '../tenant/index.ts';
import type { Invitation } from './invitation.ts';

/** An invitation with the secret that is shown this once. */
export type SentInvitation = {
  readonly invitation: Invitation;
  readonly secret: string;
  /** False where it is for the caller to hand the secret over. */
  readonly mailed: boolean;
};

/**
 * Hands an invitation that is kept to whoever made it, and mails it where mail is set up. Mail that fails is not tried again,
 * for that would need the secret to be kept: whoever invited is told, and may send anew.
 */
export async function sendInvitation(
  ctx: DomainContext,
  invitation: Invitation,
  secret: string,
): Promise<SentInvitation> {
  const mailed = await mail(ctx, invitation, secret).catch((error: unknown) => {
    ctx.log.warn({ err: error, invitationId: invitation.id }, 'an invitation could not be mailed');
    return false;
  });
  return { invitation, secret, mailed };
}

async function mail(ctx: DomainContext, invitation: Invitation, secret: string): Promise<boolean> {
  const { mail, quotas, database, log } = ctx;
  if (mail === null) return false;
  if ((await quotas.mails.take(toQuotaKey(invitation.email))) !== null) {
    log.warn({ invitationId: invitation.id }, 'an invitation is not mailed: its address gets too many');
    return false;
  }
  const [tenant] = await loadTenants({ database }, tenantScope(ctx), [invitation.tenantId]);
  // The fragment of a link is never sent to a server, so that no log between here and the page keeps the secret.
  const link = `${mail.invitationUrl}#secret=${secret}`;
  await mail.mailer.send(toMail(invitation, tenant?.name ?? 'a tenant', link));
  return true;
}

// Counts are kept in places that need not know the address.
function toQuotaKey(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url');
}

function toMail({ email, role, expiresAt }: Invitation, tenantName: string, link: string): Mail {
  const lines = [
    `You are invited to ${tenantName}, in the role ${role}.`,
    `To join, sign in as ${email} and open this link before ${expiresAt.toUTCString()}:`,
    link,
    'If you expected no invitation, do nothing, and nothing happens.',
  ];
  return { to: email, subject: `Invitation to ${tenantName}`, text: `${lines.join('\n\n')}\n` };
}
