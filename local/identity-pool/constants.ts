import { LOCAL_POOL } from '../user-pool/constants.ts';

/** The one identity pool there is, beside the one user pool, whose tokens it takes and no others. */
export const LOCAL_IDENTITY_POOL = {
  id: `${LOCAL_POOL.region}:7e0a0c1d-0000-4000-8000-7e4a4772a000`,
  /** The user pool, by the name it has in `Logins`. */
  providerName: LOCAL_POOL.issuer.slice('https://'.length),
  /** Attributes for access control: each tag, and the claim of the ID token it is made of. */
  principalTags: { tenant_id: 'tenant_id', username: 'sub', client: 'aud' },
  credentialSeconds: 3_600,
} as const;
