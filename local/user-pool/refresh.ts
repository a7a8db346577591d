import { invalidParameter } from './errors.ts';
import { issueTokens } from './issue-tokens.ts';
import type { Pool } from './pool.ts';
import { getRefreshable } from './sessions.ts';
import { type AuthParameters, getParameter } from './sign-in.ts';
import type { ClientMetadata } from './triggers/pre-token-generation.ts';
import { assertEnabled, getUser } from './users.ts';

/** Issues new tokens in the sign-in that `refreshToken` belongs to. */
export async function refreshTokens(
  pool: Pool,
  refreshToken: string,
  clientMetadata?: ClientMetadata,
): Promise<object> {
  const session = getRefreshable(pool, refreshToken);
  const user = getUser(pool, session.sub);
  assertEnabled(user);
  const tokens = await issueTokens(pool, user, session, { source: 'TokenGeneration_RefreshTokens', clientMetadata });
  // The trigger takes its time, and the session may have been revoked or its token rotated meanwhile.
  getRefreshable(pool, refreshToken);
  return tokens;
}

/** The REFRESH_TOKEN_AUTH flow, which a client with rotation does not have. Passes no metadata to the trigger. */
export async function refreshByFlow(pool: Pool, parameters: AuthParameters): Promise<object> {
  if (pool.refreshRotation) throw invalidParameter('REFRESH_TOKEN_AUTH flow not enabled for this client');
  const tokens = await refreshTokens(pool, getParameter(parameters, 'REFRESH_TOKEN'));
  return { AuthenticationResult: tokens, ChallengeParameters: {} };
}
