import { AppError, rateLimited } from '../../errors.ts';
import type { DomainContext } from '../context.ts';

/**
 * Runs what tries a secret, and counts it against the caller unless it was good. Taken before the secret is looked at, so
 * that no more are tried at once than one after another. Throws RATE_LIMITED.
 */
export async function countTries<Result>(
  { principal, quotas: { secretTries } }: Pick<DomainContext, 'principal' | 'quotas'>,
  tryOne: () => Promise<Result>,
): Promise<Result> {
  const key = principal.subject.toLowerCase();
  const waitSeconds = await secretTries.take(key);
  if (waitSeconds !== null) throw rateLimited(waitSeconds, 'invitation: too many secrets tried');
  const outcome = await tryOne().catch(toError);
  if (!(outcome instanceof AppError && outcome.code === 'NOT_FOUND')) await secretTries.giveBack(key);
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
