import { CognitoError } from '../errors.ts';
import type { Pool } from '../pool.ts';
import { getParameter } from '../sign-in.ts';
import { redeemTotp } from '../totp.ts';
import type { Answer } from './answer.ts';
import { finish, keepForAnotherTry, takeChallenge } from './challenges.ts';

/** Throws CodeMismatchException and ExpiredCodeException; the challenge stays open for two tries more. */
export async function respondToSoftwareToken(pool: Pool, answer: Answer): Promise<object> {
  const code = getParameter(answer.responses, 'SOFTWARE_TOKEN_MFA_CODE');
  const { user, ...challenge } = takeChallenge(pool, answer, 'SOFTWARE_TOKEN_MFA');
  try {
    redeemTotp(pool, user, code);
  } catch (error) {
    if (error instanceof CognitoError) keepForAnotherTry(pool, answer.session, challenge);
    throw error;
  }
  return finish(pool, user, challenge, answer);
}
