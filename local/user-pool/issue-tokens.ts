import { createHash, randomUUID } from 'node:crypto';
import { applyToAccessToken, applyToIdToken, type Claims } from './claim-overrides.ts';
import { LOCAL_POOL } from './constants.ts';
import type { Pool } from './pool.ts';
import type { SignIn } from './sessions.ts';
import { signCompact } from './signing-keys.ts';
import type { User } from './state/state.ts';
import { type ClientMetadata, preTokenGeneration } from './triggers/pre-token-generation.ts';
import type { TokenSource } from './triggers/token-source.ts';

export type TokenRequest = {
  readonly source: TokenSource;
  readonly clientId: string;
  readonly clientMetadata?: ClientMetadata;
  /** Repeated in the ID token, OpenID Connect Core §2. */
  readonly nonce?: string | null;
  /** `at_hash` in the ID token, OpenID Connect Core §3.1.3.6: the token endpoint gives it, the API does not. */
  readonly withAccessTokenHash?: boolean;
};

/** `AuthenticationResult`. */
export type Tokens = {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly ExpiresIn: number;
  readonly TokenType: string;
};

/** Asks the pre token generation trigger first, and throws what it throws. Gives no refresh token. */
export async function issueTokens(pool: Pool, user: User, signIn: SignIn, request: TokenRequest): Promise<Tokens> {
  const scopes = signIn.scopes ?? LOCAL_POOL.scopes;
  const overrides = await preTokenGeneration(pool, user, { ...request, scopes });
  const common = toCommonClaims(pool, user, signIn);
  const { access, id } = pool.state.keys;
  const accessClaims = applyToAccessToken(
    { ...toAccessClaims(user, request, common), scope: scopes.join(' ') },
    overrides,
  );
  const AccessToken = await signCompact(access, accessClaims);
  const idClaims = {
    ...applyToIdToken(toIdClaims(user, request, common), overrides),
    ...toAtHash(request, AccessToken),
  };
  const IdToken = await signCompact(id, idClaims);
  return { AccessToken, IdToken, ExpiresIn: LOCAL_POOL.accessTokenSeconds, TokenType: 'Bearer' };
}

function toCommonClaims(pool: Pool, user: User, { originJti, authTime, context }: SignIn): Claims {
  const iat = Math.floor(pool.clock().getTime() / 1000);
  return {
    sub: user.sub,
    ...(user.groups.length > 0 && { 'cognito:groups': user.groups }),
    iss: LOCAL_POOL.issuer,
    origin_jti: originJti,
    event_id: randomUUID(),
    auth_time: authTime,
    ...context,
    exp: iat + LOCAL_POOL.accessTokenSeconds,
    iat,
  };
}

/** No e-mail and no custom attribute: an access token carries none unless a trigger adds it. */
function toAccessClaims(user: User, { clientId }: TokenRequest, common: Claims): Claims {
  return { ...common, client_id: clientId, token_use: 'access', jti: randomUUID(), username: user.sub };
}

function toIdClaims(user: User, { clientId, nonce = null }: TokenRequest, common: Claims): Claims {
  return {
    ...user.attributes,
    ...common,
    email_verified: user.attributes['email_verified'] === 'true',
    'cognito:username': user.sub,
    aud: clientId,
    token_use: 'id',
    jti: randomUUID(),
    ...(nonce !== null && { nonce }),
  };
}

function toAtHash({ withAccessTokenHash = false }: TokenRequest, accessToken: string): Claims {
  if (!withAccessTokenHash) return {};
  const half = createHash('sha256').update(accessToken).digest().subarray(0, 16);
  return { at_hash: half.toString('base64url') };
}
