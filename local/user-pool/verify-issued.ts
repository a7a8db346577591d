import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { LOCAL_POOL } from './constants.ts';
import type { Pool } from './pool.ts';
import { toJwks } from './signing-keys.ts';

/** The claims of a token this pool has issued and that has not expired. Throws what jose throws. */
export async function verifyIssued(pool: Pool, token: string): Promise<JWTPayload> {
  const keys = createLocalJWKSet({ keys: [...toJwks(pool.state.keys).keys] });
  const checks = {
    issuer: LOCAL_POOL.issuer,
    algorithms: ['RS256'],
    requiredClaims: ['exp'],
    currentDate: pool.clock(),
  };
  return (await jwtVerify(token, keys, checks)).payload;
}
