import { setTimeout as sleep } from 'node:timers/promises';
import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';

// Cognito's names for "too fast"; the second is that of the gateway in front of it.
const THROTTLED: readonly string[] = ['TooManyRequestsException', 'ThrottlingException'];
const FIRST_PAUSE_MS = 200;

/** Attempts of who goes through all there is at the pool, and would have to begin again. */
export const WALK_ATTEMPTS = 6;

/** Does it again, at most so often, where the pool was too busy or could not be reached. Throws the last error. */
export async function persist<Result>(attempts: number, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || isFinal(error)) throw error;
      await sleep(toPauseMs(attempt, FIRST_PAUSE_MS));
    }
  }
}

/**
 * Twice as long after each attempt, and between a half and the whole of it by chance, so that many who failed at once do
 * not come back at once.
 */
export function toPauseMs(attempt: number, firstMs: number, longestMs = Number.POSITIVE_INFINITY): number {
  const fullMs = Math.min(firstMs * 2 ** (attempt - 1), longestMs);
  return Math.round(fullMs * (0.5 + Math.random() / 2));
}

/** The pool has understood, and will say the same again. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof CognitoIdentityProviderServiceException)) return false;
  return error.$fault === 'client' && !THROTTLED.includes(error.name);
}
