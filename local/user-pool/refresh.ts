import { issueTokens } from './issue-tokens.ts';
import type { Pool } from './pool.ts';
import { getRefreshable } from './sessions.ts';
import { type AuthParameters, getParameter } from './sign-in.ts';
import type { ClientMetadata } from './triggers/pre-token-generation.ts';
import { assertEnabled, getUser } from './users.ts';

/** Issues new tokens in the sign-in that `refreshToken` belongs to. */
export async function refreshTokens(
  pool: Pool,
  clientId: string,
  refreshToken: string,
  clientMetadata?: ClientMetadata,
): Promise<object> {
  const session = getRefreshable(pool, clientId, refreshToken);
  const user = getUser(pool, session.sub);
  assertEnabled(user);
  const source = 'TokenGeneration_RefreshTokens';
  const tokens = await issueTokens(pool, user, session, { source, clientId, clientMetadata });
  // The trigger takes its time, and the session may have been revoked or its token rotated meanwhile.
  getRefreshable(pool, clientId, refreshToken);
  return tokens;
}

/** The REFRESH_TOKEN_AUTH flow. Passes no metadata to the trigger. */
export async function refreshByFlow(pool: Pool, clientId: string, parameters: AuthParameters): Promise<object> {
  const tokens = await refreshTokens(pool, clientId, getParameter(parameters, 'REFRESH_TOKEN'));
  return { AuthenticationResult: tokens, ChallengeParameters: {} };
}
