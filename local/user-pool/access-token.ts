import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { LOCAL_POOL } from './constants.ts';
import { notAuthorized } from './errors.ts';
import type { Pool } from './pool.ts';
import { toJwks } from './signing-keys.ts';
import type { User } from './state/state.ts';
import { assertEnabled, getUser } from './users.ts';

const AccessClaims = z.object({
  sub: z.string(),
  token_use: z.literal('access'),
  client_id: z.string(),
  origin_jti: z.string(),
  scope: z.string(),
});

type AccessClaims = z.infer<typeof AccessClaims>;

/**
 * Whose access token this is. Throws NotAuthorizedException unless the token is good, has the scope and its sign-in is not
 * revoked.
 */
export async function authenticate(
  pool: Pool,
  accessToken: string,
  scope = 'aws.cognito.signin.user.admin',
): Promise<User> {
  const claims = await verifyClaims(pool, accessToken);
  if (!claims.scope.split(' ').includes(scope)) {
    throw notAuthorized('Access Token does not have required scopes');
  }
  const user = getUser(pool, claims.sub);
  const session = pool.state.sessions.get(claims.origin_jti);
  if (!session || session.revoked || session.sub !== user.sub) throw notAuthorized('Access Token has been revoked');
  assertEnabled(user);
  return user;
}

async function verifyClaims(pool: Pool, accessToken: string): Promise<AccessClaims> {
  const keys = createLocalJWKSet({ keys: [...toJwks(pool.state.keys).keys] });
  const checks = {
    issuer: LOCAL_POOL.issuer,
    algorithms: ['RS256'],
    requiredClaims: ['exp'],
    currentDate: pool.clock(),
  };
  try {
    const { payload } = await jwtVerify(accessToken, keys, checks);
    return AccessClaims.parse(payload);
  } catch (error) {
    throw notAuthorized(error instanceof errors.JWTExpired ? 'Access Token has expired' : 'Invalid Access Token');
  }
}
