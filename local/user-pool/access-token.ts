import { errors } from 'jose';
import { z } from 'zod';
import { notAuthorized } from './errors.ts';
import type { Pool } from './pool.ts';
import type { User } from './state/state.ts';
import { assertEnabled, getUser } from './users.ts';
import { verifyIssued } from './verify-issued.ts';

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
  try {
    return AccessClaims.parse(await verifyIssued(pool, accessToken));
  } catch (error) {
    throw notAuthorized(error instanceof errors.JWTExpired ? 'Access Token has expired' : 'Invalid Access Token');
  }
}
