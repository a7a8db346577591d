import { randomUUID } from 'node:crypto';
import { applyToAccessToken, applyToIdToken, type Claims } from './claim-overrides.ts';
import { LOCAL_POOL } from './constants.ts';
import type { Pool } from './pool.ts';
import type { SignIn } from './sessions.ts';
import { signCompact } from './signing-keys.ts';
import type { User } from './state/state.ts';
import { type ClientMetadata, preTokenGeneration, type TokenSource } from './triggers/pre-token-generation.ts';

export type TokenRequest = {
  readonly source: TokenSource;
  readonly clientId: string;
  readonly clientMetadata?: ClientMetadata;
};

/** `AuthenticationResult` without a refresh token. Asks the pre token generation trigger first, and throws what it throws. */
export async function issueTokens(pool: Pool, user: User, signIn: SignIn, request: TokenRequest): Promise<object> {
  const overrides = await preTokenGeneration(pool, user, request);
  const common = toCommonClaims(pool, user, signIn);
  const accessClaims = applyToAccessToken(toAccessClaims(user, request.clientId, common), overrides);
  const idClaims = applyToIdToken(toIdClaims(user, request.clientId, common), overrides);
  const [AccessToken, IdToken] = await Promise.all([
    signCompact(pool.state.keys.access, accessClaims),
    signCompact(pool.state.keys.id, idClaims),
  ]);
  return { AccessToken, IdToken, ExpiresIn: LOCAL_POOL.accessTokenSeconds, TokenType: 'Bearer' };
}

function toCommonClaims(pool: Pool, user: User, signIn: SignIn): Claims {
  const iat = Math.floor(pool.clock().getTime() / 1000);
  return {
    sub: user.sub,
    ...(user.groups.length > 0 && { 'cognito:groups': user.groups }),
    iss: LOCAL_POOL.issuer,
    origin_jti: signIn.originJti,
    event_id: randomUUID(),
    auth_time: signIn.authTime,
    exp: iat + LOCAL_POOL.accessTokenSeconds,
    iat,
  };
}

/** No e-mail and no custom attribute: an access token carries none unless a trigger adds it. */
function toAccessClaims(user: User, clientId: string, common: Claims): Claims {
  const scope = LOCAL_POOL.scopes.join(' ');
  return { ...common, client_id: clientId, token_use: 'access', scope, jti: randomUUID(), username: user.sub };
}

function toIdClaims(user: User, clientId: string, common: Claims): Claims {
  return {
    ...user.attributes,
    ...common,
    email_verified: user.attributes['email_verified'] === 'true',
    'cognito:username': user.sub,
    aud: clientId,
    token_use: 'id',
    jti: randomUUID(),
  };
}
