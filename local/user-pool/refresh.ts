import { getClient } from './clients.ts';
import { issueTokens, type Tokens } from './issue-tokens.ts';
import type { Pool } from './pool.ts';
import { getRefreshable, rotateRefreshToken } from './sessions.ts';
import { type AuthParameters, getParameter } from './sign-in.ts';
import type { ClientMetadata } from './triggers/pre-token-generation.ts';
import { assertEnabled, getUser } from './users.ts';

type RefreshRequest = {
  readonly clientId: string;
  readonly refreshToken: string;
  readonly clientMetadata?: ClientMetadata;
  /** True at the token endpoint. */
  readonly withAccessTokenHash?: boolean;
};

/**
 * Issues new tokens in the sign-in that `refreshToken` belongs to, and a new refresh token where the app client rotates
 * them. Throws NotAuthorizedException, RefreshTokenReuseException and what the trigger answers.
 */
export async function refreshTokens(pool: Pool, request: RefreshRequest): Promise<Tokens> {
  const { clientId, refreshToken } = request;
  const session = getRefreshable(pool, clientId, refreshToken);
  const user = getUser(pool, session.sub);
  assertEnabled(user);
  const tokens = await issueTokens(pool, user, session, { ...request, source: 'TokenGeneration_RefreshTokens' });
  // The trigger takes its time, and the session may have been revoked or its token rotated meanwhile.
  const current = getRefreshable(pool, clientId, refreshToken);
  if (!getClient(pool, clientId).rotation.isEnabled) return tokens;
  return { ...tokens, RefreshToken: rotateRefreshToken(pool, current, refreshToken) };
}

/** The REFRESH_TOKEN_AUTH flow. Passes no metadata to the trigger. */
export async function refreshByFlow(pool: Pool, clientId: string, parameters: AuthParameters): Promise<object> {
  const tokens = await refreshTokens(pool, { clientId, refreshToken: getParameter(parameters, 'REFRESH_TOKEN') });
  return { AuthenticationResult: tokens, ChallengeParameters: {} };
}
