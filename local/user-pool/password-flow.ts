import { proceed } from './challenges/challenges.ts';
import type { Pool } from './pool.ts';
import { type AuthParameters, checkPassword, getParameter } from './sign-in.ts';

/** USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: a challenge, or the tokens. */
export async function signInByPassword(pool: Pool, clientId: string, parameters: AuthParameters): Promise<object> {
  const username = getParameter(parameters, 'USERNAME');
  const user = await checkPassword(pool, username, getParameter(parameters, 'PASSWORD'));
  return proceed(pool, user, { source: 'TokenGeneration_Authentication', clientId });
}
