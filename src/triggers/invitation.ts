import { isInvited, joinOnConfirmation } from '../domain/invitation/index.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import type { TriggerContext } from './context.ts';
import type { TriggerEvent } from './event.ts';
import { writeInTime } from './write-in-time.ts';

/** What is told to whoever calls acceptInvitation himself; here nobody is there to be told. */
const REFUSALS: readonly ErrorCode[] = ['NOT_FOUND', 'CONFLICT', 'TENANT_SUSPENDED'];

// ClientMetadata of SignUp and of ConfirmSignUp: Cognito hands each to the triggers of its own call, and keeps neither.
function secretOf({ request }: TriggerEvent): string | null {
  return request.clientMetadata?.['invitation_secret'] ?? null;
}

/** Whether a sign-up brings a good invitation to this address. */
export async function bringsInvitation(ctx: TriggerContext, event: TriggerEvent, address: string): Promise<boolean> {
  const secret = secretOf(event);
  return secret !== null && writeInTime(ctx, (tx) => isInvited(tx, secret, address));
}

/**
 * Makes a confirmed user a member by the invitation the confirmation brings. One that is not good fails nothing: the user
 * is confirmed all the same, and may call acceptInvitation. Of a repeated call the second finds it used.
 */
export async function acceptBroughtInvitation(ctx: TriggerContext, event: TriggerEvent, userId: string): Promise<void> {
  const secret = secretOf(event);
  if (secret === null) return;
  try {
    await writeInTime(ctx, (tx) => joinOnConfirmation(tx, userId, secret));
  } catch (error) {
    if (!(error instanceof AppError && REFUSALS.includes(error.code))) throw error;
    ctx.log.info(
      { userId, code: error.code, reason: error.reason },
      'an invitation brought to a confirmation is not taken',
    );
  }
}
