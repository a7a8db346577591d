import { isInvited, joinOnConfirmation } from '../domain/invitation/index.ts';
import { findOpenDomain, joinDomainOnConfirmation } from '../domain/tenant-domain/index.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Transaction } from '../store/database.ts';
import type { TriggerContext } from './context.ts';
import type { TriggerEvent } from './event.ts';
import { writeInTime } from './write-in-time.ts';

/** What is told to whoever asks to join himself; here nobody is there to be told. */
const REFUSALS: readonly ErrorCode[] = ['NOT_FOUND', 'CONFLICT', 'TENANT_SUSPENDED'];

// ClientMetadata of SignUp and of ConfirmSignUp: Cognito hands each to the triggers of its own call, and keeps neither.
function secretOf({ request }: TriggerEvent): string | null {
  return request.clientMetadata?.['invitation_secret'] ?? null;
}

/** Whether a tenant waits for whoever proves this address: by an invitation that the sign-up brings, or by its domain. */
export async function isAwaited(ctx: TriggerContext, event: TriggerEvent, address: string): Promise<boolean> {
  const secret = secretOf(event);
  if (secret !== null && (await writeInTime(ctx, (tx) => isInvited(tx, secret, address)))) return true;
  return (await findOpenDomain(ctx, address)) !== null;
}

/**
 * Makes a user a member by the domain of his address, in the transaction that confirms him, so that no repetition brings
 * back who has left since. Who brings an invitation joins by that, in the role it gives.
 */
export async function joinByOwnDomain(
  tx: Transaction,
  ctx: TriggerContext,
  event: TriggerEvent,
  userId: string,
): Promise<void> {
  if (secretOf(event) !== null) return;
  await joinDomainOnConfirmation(tx, userId).catch((error: unknown) => passOver(ctx, userId, error));
}

/** Makes a confirmed user a member by the invitation the confirmation brings. Of a repeated call the second finds it used. */
export async function acceptBroughtInvitation(ctx: TriggerContext, event: TriggerEvent, userId: string): Promise<void> {
  const secret = secretOf(event);
  if (secret === null) return;
  await writeInTime(ctx, (tx) => joinOnConfirmation(tx, userId, secret)).catch((error: unknown) =>
    passOver(ctx, userId, error),
  );
}

// A place that cannot be had fails nothing: the user is confirmed all the same, and may ask for it himself.
function passOver({ log }: TriggerContext, userId: string, error: unknown): void {
  if (!(error instanceof AppError && REFUSALS.includes(error.code))) throw error;
  log.info({ userId, code: error.code, reason: error.reason }, 'a confirmed user is not made a member');
}
