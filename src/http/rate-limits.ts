export type RateLimitOptions = {
  /** Requests a minute of one user or machine, over all its tokens; null for no limit. */
  readonly callerPerMinute: number | null;
  /** Requests a minute of one address that carry no good token; null for no limit. */
  readonly addressPerMinute: number | null;
  /** Where they are counted: in this process, in the database, or at this Redis URL. */
  readonly store: string;
};
