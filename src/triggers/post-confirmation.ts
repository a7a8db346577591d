import { setTimeout as sleep } from 'node:timers/promises';
import { isConfirmed, markConfirmed, upsertProfile } from '../domain/user/index.ts';
import { unavailable } from '../errors.ts';
import type { EmailProof } from '../generated/prisma/enums.ts';
import type { TriggerContext, TriggerSettings } from './context.ts';
import { isListed, toEmailDomain } from './email-domain.ts';
import { type TriggerEvent, toEventProfile } from './event.ts';
import { writeInTime } from './write-in-time.ts';

const GROUP_ATTEMPTS = 3;
const GROUP_BACKOFF_MS = 100;

/**
 * Gives a confirmed user a profile and the default group. Cognito may call it up to three times, and also after a
 * forgotten password. A call that failed half way is completed by the next; one that comes after that changes nothing, so
 * that a group since taken away is not given back.
 */
export async function postConfirmation(ctx: TriggerContext, event: TriggerEvent): Promise<TriggerEvent> {
  if (event.triggerSource !== 'PostConfirmation_ConfirmSignUp') return event;
  const profile = toEventProfile(event);
  const isRepetition = await writeInTime(ctx, async (tx) => {
    if (await isConfirmed(tx, profile.id)) return true;
    await upsertProfile(tx, profile, toEmailProof(event.request.userAttributes ?? {}, ctx.settings), ctx.signedAt);
    return false;
  });
  if (isRepetition) return event;
  await addToDefaultGroup(ctx, profile.username);
  await writeInTime(ctx, (tx) => markConfirmed(tx, profile.id));
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

async function addToDefaultGroup({ userPool, settings, log, signal }: TriggerContext, username: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await userPool.addUserToGroup(username, settings.defaultGroup);
    } catch (error) {
      log.warn({ err: error, attempt }, 'the default group could not be given');
      if (attempt === GROUP_ATTEMPTS) throw unavailable('default group: the pool does not answer', error);
      await sleep(GROUP_BACKOFF_MS * attempt);
    }
  }
}
