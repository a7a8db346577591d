export type CallerKind = 'USER' | 'MACHINE';
export type MembershipRole = 'OWNER' | 'ADMIN' | 'MEMBER';

/**
 * Who is calling: one verified access token, read once and frozen. Everything here was signed by the pool;
 * nothing in it comes from a request's body, headers or cookies beside the token itself.
 */
export type Principal = {
  readonly kind: CallerKind;
  /** `sub`: the user's id at the pool, and the id of the profile. For a machine it equals `clientId`. */
  readonly subject: string;
  readonly clientId: string;
  /** `username` at the pool; null for a machine. */
  readonly username: string | null;
  /** `cognito:groups` and the groups the tenant role implies. Always empty for a machine. */
  readonly groups: readonly string[];
  /** `scope`, split at spaces. RFC 6749 §3.3. */
  readonly scopes: readonly string[];
  /** The tenant the token was issued for; null when it names none. */
  readonly tenantId: string | null;
  readonly tenantRole: MembershipRole | null;
  readonly membershipVersion: number | null;
  /** `origin_jti`: constant from one sign-in through all its refreshes, so it names the session. Null for a machine. */
  readonly sessionId: string | null;
  readonly authenticatedAt: Date | null;
  readonly expiresAt: Date;
  /** True when a second factor is proven: by the token's `amr`, or by a pool that lets nobody sign in without one. */
  readonly mfa: boolean;
  /** Every claim as signed, for resolvers of a team's own. */
  readonly claims: Readonly<Record<string, unknown>>;
};
