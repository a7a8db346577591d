import { tellPool } from '../domain/outbox.ts';
import { toEmailDomain } from '../domain/tenant-domain/index.ts';
import { isConfirmed, markConfirmed, upsertProfile } from '../domain/user/index.ts';
import type { EmailProof } from '../generated/prisma/enums.ts';
import type { TriggerContext, TriggerSettings } from './context.ts';
import { type TriggerEvent, toEventProfile } from './event.ts';
import { isListed } from './is-listed.ts';
import { acceptBroughtInvitation, joinByOwnDomain } from './joining.ts';
import { writeInTime } from './write-in-time.ts';

/**
 * Gives a confirmed user a profile, a place by the invitation he brings or by the domain of his address, and the default
 * group. Profile, place by domain and group are kept in one transaction, and the pool is told at once if it answers, or else
 * by the outbox. Cognito may call up to three times, and also after a forgotten password. A call that comes after the first
 * changes nothing, so that what was taken away since is not given back; an invitation serves once, whichever call gets to it.
 */
export async function postConfirmation(ctx: TriggerContext, event: TriggerEvent): Promise<TriggerEvent> {
  if (event.triggerSource !== 'PostConfirmation_ConfirmSignUp') return event;
  const profile = toEventProfile(event);
  const isNews = await writeInTime(ctx, async (tx) => {
    if (await isConfirmed(tx, profile.id)) return false;
    await upsertProfile(tx, profile, toEmailProof(event.request.userAttributes ?? {}, ctx.settings), ctx.signedAt);
    if (!(await markConfirmed(tx, profile.id))) return false;
    await joinByOwnDomain(tx, ctx, event, profile.id);
    await tellPool(tx, profile, [{ kind: 'ADD_TO_GROUP', group: ctx.settings.defaultGroup }]);
    return true;
  });
  await acceptBroughtInvitation(ctx, event, profile.id);
  const { signal, timings } = ctx;
  if (isNews)
    await ctx.outbox.deliverTo(profile.id, AbortSignal.any([signal, AbortSignal.timeout(timings.handOverMs)]));
  return event;
}

// With auto-confirmation nobody ever answered a code, and the event does not tell the two apart: the domain decides.
function toEmailProof(attributes: Readonly<Record<string, string>>, settings: TriggerSettings): EmailProof {
  if (attributes['email_verified'] !== 'true') return 'NONE';
  if (attributes['cognito:user_status'] === 'EXTERNAL_PROVIDER') return 'IDP';
  const domain = toEmailDomain(attributes['email']);
  if (domain === null) return 'NONE';
  return isListed(settings.autoConfirmDomains, domain) ? 'DOMAIN' : 'CODE';
}
