const BEARER = 'Bearer realm="tenantry"';

/** What `WWW-Authenticate` tells of a credential: whether it would do, and nothing of why not. RFC 6750 §3. */
export const CHALLENGES = {
  /** None was presented: no error code is told (RFC 6750 §3.1). */
  noCredential: BEARER,
  /** Expired, revoked, malformed or not one of the pool's: always the same. */
  invalidToken: `${BEARER}, error="invalid_token"`,
  /** It is good, and may not do this. */
  insufficientScope: `${BEARER}, error="insufficient_scope"`,
} as const;
