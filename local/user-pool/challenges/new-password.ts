import { replaceMailedPassword } from '../mailed-password.ts';
import { assertPasswordPolicy } from '../passwords.ts';
import type { Pool } from '../pool.ts';
import { getParameter } from '../sign-in.ts';
import type { Answer } from './answer.ts';
import { proceed, takeChallenge } from './challenges.ts';

/** Throws InvalidPasswordException, and leaves the challenge open for a better one; NotAuthorizedException after another's. */
export async function respondToNewPassword(pool: Pool, answer: Answer): Promise<object> {
  const { clientId, responses, clientMetadata } = answer;
  const password = getParameter(responses, 'NEW_PASSWORD');
  assertPasswordPolicy(password);
  const { sub } = takeChallenge(pool, answer, 'NEW_PASSWORD_REQUIRED');
  const user = await replaceMailedPassword(pool, sub, password);
  return proceed(pool, user, { source: 'TokenGeneration_NewPasswordChallenge', clientId, clientMetadata });
}
