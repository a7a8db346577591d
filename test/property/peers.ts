import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Forge } from '../unit/identity/forge.ts';

/** Whether another library lets a token in, told the pool, its keys and its client. */
export type Peer = readonly [name: string, accepts: (token: string) => Promise<boolean>];

/** What many servers go by: Amazon's own verifier as it comes, and jose. */
export function createPeers({ poolId, issuer, clientId, jwks }: Forge): readonly Peer[] {
  const amazon = CognitoJwtVerifier.create({ userPoolId: poolId, tokenUse: 'access', clientId });
  amazon.cacheJwks({ keys: jwks.keys.map((key) => ({ ...key, kty: 'RSA' })) });
  const keys = createLocalJWKSet({ keys: jwks.keys.map((key) => ({ ...key, kty: 'RSA' })) });
  const options = { issuer: [issuer, issuer.replace('//', '//issuer-')], algorithms: ['RS256'] };
  return [
    ['aws-jwt-verify', (token) => isResolved(amazon.verify(token))],
    ['jose', (token) => isResolved(jwtVerify(token, keys, options))],
  ];
}

async function isResolved(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
