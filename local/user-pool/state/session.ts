import { z } from 'zod';
import { LOCAL_POOL } from '../constants.ts';

/** What a sign-in that named `acr_values` proved. */
const AuthenticationContext = z.object({ acr: z.string(), amr: z.array(z.string()).readonly() }).readonly();

const RefreshToken = z
  .object({
    hash: z.string(),
    /** When it was first traded for another; null while it was not. */
    rotatedAt: z.iso.datetime().nullable(),
  })
  .readonly();

const CurrentSession = z
  .object({
    originJti: z.uuid(),
    sub: z.uuid(),
    clientId: z.string().default(LOCAL_POOL.clientId),
    /** Seconds since 1970, as `auth_time` says it. */
    authTime: z.int(),
    expiresAt: z.iso.datetime(),
    revoked: z.boolean(),
    /** What was granted on the hosted page; null for a sign-in by the API, which has the pool's own scopes. */
    scopes: z.array(z.string()).readonly().nullable().default(null),
    /** Null where nobody asked, and then no token tells. */
    context: AuthenticationContext.nullable().default(null),
    /** All of them, rotated out or not, so that using one again is told from making one up. */
    refreshTokens: z.array(RefreshToken).readonly(),
  })
  .readonly();

/** Sessions were once kept as one live hash and a list of spent ones. */
const SpentHashes = z.looseObject({ refreshHash: z.string(), spentHashes: z.array(z.string()), expiresAt: z.string() });

function upgradeSession(stored: unknown): unknown {
  const old = SpentHashes.safeParse(stored);
  if (!old.success) return stored;
  const { refreshHash, spentHashes, ...rest } = old.data;
  const longAgo = new Date(0).toISOString();
  const spent = spentHashes.map((hash) => ({ hash, rotatedAt: longAgo }));
  return { ...rest, refreshTokens: [...spent, { hash: refreshHash, rotatedAt: null }] };
}

export const Session = z.preprocess(upgradeSession, CurrentSession);

export type AuthenticationContext = z.infer<typeof AuthenticationContext>;
export type Session = z.infer<typeof Session>;
