/** So many under one key in a window of time. */
export type Quota = {
  /** Counts one more: null when it may pass, else the whole seconds after which the next one may. */
  take(key: string): Promise<number | null>;
  /** Takes back one that `take` counted. */
  giveBack(key: string): Promise<void>;
};

/** Limits that keep something safe: no setting turns them off. */
export type Quotas = {
  /** Secrets tried in vain, by caller. */
  readonly secretTries: Quota;
  /** Mails sent to one address, whoever has them sent. */
  readonly mails: Quota;
  /** AWS credentials asked for, by caller. */
  readonly loans: Quota;
};
