import { type JwksCache, SimpleJwksCache } from 'aws-jwt-verify/jwk';

/** The pool's public keys, behind the seam aws-jwt-verify offers. */
export type KeySet = {
  readonly cache: JwksCache;
  /** Fetches the keys unless they are there. Rejects when they cannot be had. */
  load(): Promise<void>;
};

const FETCH_TIMEOUT_MS = 3_000;

/**
 * Keys fetched from `url`, whatever address aws-jwt-verify derives from the issuer: a local pool signs as Cognito does
 * and differs only in where its keys are found.
 */
export function createKeySet(userPoolId: string, url: string): KeySet {
  const cache = new SimpleJwksCache({ fetcher: { fetch: () => fetchKeys(url) } });
  return {
    cache,
    load: async () => {
      await cache.getJwks(toKeySetUrl(userPoolId));
    },
  };
}

async function fetchKeys(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`key set answered ${response.status}`);
  return response.arrayBuffer();
}

/** Where Cognito publishes a pool's keys. */
export function toKeySetUrl(userPoolId: string): string {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'));
  return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}/.well-known/jwks.json`;
}
