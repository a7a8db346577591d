import { LOCAL_POOL, type LocalUserPool } from '../../local/user-pool/index.ts';
import { groupsOfRole } from '../../src/identity/groups.ts';
import { type TokenHolder, toSessionId } from './population.ts';

const HOURS = 3_600;

/** An access token as the pool and the pre-token trigger would make it for this member; good for half a day. */
export function toToken(pool: LocalUserPool, member: TokenHolder): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return pool.signToken({
    sub: member.userId,
    username: member.userId,
    iss: LOCAL_POOL.issuer,
    client_id: LOCAL_POOL.clientId,
    token_use: 'access',
    scope: LOCAL_POOL.scopes.join(' '),
    origin_jti: toSessionId(member),
    jti: toSessionId(member),
    auth_time: now,
    iat: now,
    exp: now + 12 * HOURS,
    'cognito:groups': ['Users', ...groupsOfRole('MEMBER')],
    tenant_id: member.tenantId,
    tenant_role: 'MEMBER',
    membership_version: member.membershipVersion,
  });
}
