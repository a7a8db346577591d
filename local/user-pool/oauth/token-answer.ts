import type { Tokens } from '../issue-tokens.ts';

/** RFC 6749 §5.1. Without the scope `openid` there is no ID token; null are the scopes of a sign-in by the API. */
export function toTokenAnswer(tokens: Tokens, scopes: readonly string[] | null): object {
  const { AccessToken, IdToken, RefreshToken, ExpiresIn, TokenType } = tokens;
  return {
    access_token: AccessToken,
    ...((scopes === null || scopes.includes('openid')) && { id_token: IdToken }),
    ...(RefreshToken !== undefined && { refresh_token: RefreshToken }),
    expires_in: ExpiresIn,
    token_type: TokenType,
  };
}
