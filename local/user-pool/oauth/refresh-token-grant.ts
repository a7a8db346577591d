import type { Pool } from '../pool.ts';
import { refreshTokens } from '../refresh.ts';
import { findSession } from '../sessions.ts';
import type { Client } from '../state/state.ts';
import { OAuthError } from './oauth-error.ts';
import { toTokenAnswer } from './token-answer.ts';

/** RFC 6749 §6, also for a sign-in by the API. A `scope` is not looked at: what was granted is granted again. */
export async function grantRefreshToken(pool: Pool, { id: clientId }: Client, form: URLSearchParams): Promise<object> {
  const refreshToken = form.get('refresh_token');
  if (refreshToken === null) throw new OAuthError('invalid_request');
  const tokens = await refreshTokens(pool, { clientId, refreshToken, withAccessTokenHash: true });
  return toTokenAnswer(tokens, findSession(pool, refreshToken)?.scopes ?? null);
}
