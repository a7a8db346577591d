import { setTimeout as sleep } from 'node:timers/promises';
import { upsertProfile } from '../domain/user/index.ts';
import { unavailable } from '../errors.ts';
import type { EmailProof } from '../generated/prisma/enums.ts';
import { SYSTEM } from '../store/scope.ts';
import type { TriggerContext, TriggerSettings } from './context.ts';
import { isListed, toEmailDomain } from './email-domain.ts';
import { type TriggerEvent, toEventProfile } from './event.ts';

const GROUP_ATTEMPTS = 3;
const GROUP_BACKOFF_MS = 100;

/**
 * Gives a confirmed user a profile and the default group. Cognito may call it up to three times, and also after a
 * forgotten password, when everything is there already: one profile results from any number of calls.
 */
export async function postConfirmation(ctx: TriggerContext, event: TriggerEvent): Promise<TriggerEvent> {
  if (event.triggerSource !== 'PostConfirmation_ConfirmSignUp') return event;
  const { userAttributes } = event.request;
  const profile = toEventProfile(event);
  await ctx.database.transaction(SYSTEM, (tx) =>
    upsertProfile(tx, profile, toEmailProof(userAttributes, ctx.settings)),
  );
  await addToDefaultGroup(ctx, event.userName);
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

async function addToDefaultGroup({ userPool, settings, log }: TriggerContext, username: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await userPool.addUserToGroup(username, settings.defaultGroup);
    } catch (error) {
      log.warn({ err: error, attempt }, 'the default group could not be given');
      if (attempt === GROUP_ATTEMPTS) throw unavailable('default group: the pool does not answer', error);
      await sleep(GROUP_BACKOFF_MS * attempt);
    }
  }
}
