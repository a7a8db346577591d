/** Where a user is signed in, as far as it was seen. */
export type Session = {
  /** `origin_jti` of its tokens. */
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  /** The User-Agent header it was last seen with. */
  readonly agent: string | null;
  readonly authenticatedAt: Date;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
};

export const SESSION_COLUMNS = `s.id, s.user_id as "userId", s.client_id as "clientId", s.agent,
  s.authenticated_at as "authenticatedAt", s.first_seen_at as "firstSeenAt", s.last_seen_at as "lastSeenAt"`;
