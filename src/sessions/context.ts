import type { Principal } from '../identity/principal.ts';
import type { TokenVerifier } from '../identity/verify-token.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import type { UserPool } from '../user-pool/user-pool.ts';
import type { Provider } from './provider.ts';
import type { Sealer } from './sealer.ts';

export type SessionSettings = {
  /** The app client browsers sign in through. */
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
  /** Where browsers reach this server. The first is meant where a request names none of them. */
  readonly origins: readonly [string, ...string[]];
  /** Those, and the origins of pages that may call and be returned to. */
  readonly allowedOrigins: readonly string[];
  /** Where it is sent when nothing else was asked for, and after signing out; one of the client's sign-out URLs. */
  readonly homeUrl: string;
  /** Milliseconds a spent id is still good, for what is under way. */
  readonly graceMs: number;
  /** Milliseconds a session may be left alone. */
  readonly idleMs: number;
  /** Milliseconds after which a sign-in is over, whatever happens. */
  readonly maxMs: number;
  readonly tenantClaim: string;
};

/** In milliseconds. */
export type SessionTimings = {
  /** Tokens found behind a cookie are remembered for so long; the reuse of a spent cookie is noticed that much later. */
  readonly rememberMs: number;
  /**
   * One node alone refreshes a session for so long. Longer than the pool may take, twice; shorter than Cognito's own grace,
   * in which the same refresh token does it again.
   */
  readonly leaseMs: number;
  /** A node that waits for the refresh of another gives up after this time. */
  readonly waitMs: number;
  /** It looks again after this time. */
  readonly lookAgainMs: number;
  /** Between two rounds that revoke refresh tokens of ended sessions at the pool. */
  readonly revokeMs: number;
};

export const SESSION_TIMINGS: SessionTimings = {
  rememberMs: 10_000,
  leaseMs: 8_000,
  waitMs: 10_000,
  lookAgainMs: 100,
  revokeMs: 2_000,
};

/** What sessions work with. */
export type SessionParts = {
  readonly settings: SessionSettings;
  readonly timings: SessionTimings;
  readonly database: Database;
  readonly userPool: Pick<UserPool, 'refreshTokens'>;
  readonly provider: Provider;
  readonly sealer: Sealer;
  readonly verifyToken: TokenVerifier;
  /** Resolves when this node knows of every token that was ended before. */
  readonly catchUp: () => Promise<void>;
  readonly log: Logger;
};

/** Whose request it is, for the audit trail. */
export type Visitor = { readonly requestId: string; readonly ip: string | null };

/** A user of whom nothing else needs to be known. */
export function toActor({ requestId, ip }: Visitor, userId: string) {
  const principal: Pick<Principal, 'kind' | 'subject'> = { kind: 'USER', subject: userId };
  return { principal, requestId, ip };
}
