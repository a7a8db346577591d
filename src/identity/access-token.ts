import { z } from 'zod';
import { InvalidTokenError } from './invalid-token.ts';

const names = z.array(z.string().min(1).max(128)).max(100);
const id = z.string().min(1).max(128);
const seconds = z.number().int().nonnegative();

// RFC 6749 §3.3: tokens of printable ASCII without quote and backslash, one space between two. Empty when none is granted.
const SCOPE = /^$|^[!#-[\]-~]+( [!#-[\]-~]+)*$/;

/** What is read of access and ID tokens alike. */
export const COMMON_CLAIMS = {
  sub: id,
  exp: seconds,
  iat: seconds,
  nbf: seconds.optional(),
  jti: id.optional(),
  origin_jti: id.optional(),
  auth_time: seconds.optional(),
  'cognito:groups': names.optional(),
  tenant_role: z.enum(['OWNER', 'ADMIN', 'MEMBER']).optional(),
  membership_version: seconds.optional(),
};

/**
 * The claims of a Cognito access token that are read; the others pass.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export const AccessTokenClaims = z.looseObject({
  ...COMMON_CLAIMS,
  token_use: z.literal('access'),
  client_id: id,
  username: z.string().min(1).max(256).optional(),
  scope: z.string().max(4096).regex(SCOPE).default(''),
  amr: names.optional(),
});

export type AccessTokenClaims = z.infer<typeof AccessTokenClaims>;

/** Cognito's own limit on the life of an access token, and of an ID token. */
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;
/** How far the pool's clock may be ahead of ours before a token is from the future. */
const CLOCK_SKEW_SECONDS = 60;

type TokenTimes = Pick<AccessTokenClaims, 'exp' | 'iat' | 'nbf' | 'auth_time'>;

/** Throws InvalidTokenError for times that cannot all be so at `now`, in seconds. RFC 7519 §4.1. */
export function assertTimes({ exp, iat, nbf = 0, auth_time = 0 }: TokenTimes, now: number): void {
  if (exp <= iat || exp - iat > MAX_LIFETIME_SECONDS) throw new InvalidTokenError('exp: not within 24 hours of iat');
  if (iat > now + CLOCK_SKEW_SECONDS) throw new InvalidTokenError('iat: in the future');
  if (auth_time > now + CLOCK_SKEW_SECONDS) throw new InvalidTokenError('auth_time: in the future');
  if (nbf > now) throw new InvalidTokenError('nbf: in the future');
}
