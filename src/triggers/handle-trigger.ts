import { badUserInput } from '../errors.ts';
import type { TriggerContext } from './context.ts';
import { parseTriggerEvent, type TriggerEvent } from './event.ts';
import { postConfirmation } from './post-confirmation.ts';
import { preSignUp } from './pre-sign-up.ts';
import { preTokenGeneration } from './pre-token-generation.ts';

type Trigger = (ctx: TriggerContext, event: TriggerEvent) => Promise<TriggerEvent>;

const TRIGGERS: ReadonlyMap<string, Trigger> = new Map([
  ['PreSignUp', preSignUp],
  ['PostConfirmation', postConfirmation],
  ['TokenGeneration', preTokenGeneration],
]);

/**
 * Answers one Cognito trigger event, whichever way it came. Throws AppError: what is the user's to mend is told him as a
 * sentence; SERVICE_UNAVAILABLE may be tried again, for every trigger does the same once or thrice.
 */
export async function handleTrigger(ctx: TriggerContext, raw: unknown): Promise<TriggerEvent> {
  const event = parseTriggerEvent(raw);
  if (event.userPoolId !== ctx.userPool.id) throw badUserInput('This service answers for another user pool.');
  const [kind = ''] = event.triggerSource.split('_', 1);
  const trigger = TRIGGERS.get(kind);
  if (trigger === undefined) throw badUserInput(`No trigger is kept for ${kind.slice(0, 64)}.`);
  return trigger(ctx, event);
}
