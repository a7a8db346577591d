import type { Outbox } from '../domain/outbox.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import type { UserPool } from '../user-pool/user-pool.ts';

export type TriggerSettings = {
  /** Who may sign up: e-mail domains, or `*` for all. */
  readonly allowedDomains: readonly string[];
  /** Domains whose addresses are confirmed without a code. */
  readonly autoConfirmDomains: readonly string[];
  /** The pool group every confirmed user is put in. */
  readonly defaultGroup: string;
  /** Name of the claim that carries the tenant. */
  readonly tenantClaim: string;
};

/** In milliseconds. */
export type TriggerTimings = {
  /** A call is answered within this time. Cognito gives up after 5 s; an answer before that lets it call again. */
  readonly deadlineMs: number;
  /** Of that time, so much at most is spent on the user's group: a token is asked for soon after, and should name it. */
  readonly handOverMs: number;
};

export const TRIGGER_TIMINGS: TriggerTimings = { deadlineMs: 3_000, handOverMs: 1_500 };

export type TriggerContext = {
  readonly settings: TriggerSettings;
  readonly database: Database;
  readonly userPool: Pick<UserPool, 'id'>;
  readonly outbox: Outbox;
  readonly timings: TriggerTimings;
  readonly log: Logger;
  /** When the call was signed, to the second, by the clock of who signed it. */
  readonly signedAt: Date;
  /** Aborted once nobody waits for the answer: what is not finished by then must leave nothing of itself. */
  readonly signal: AbortSignal;
};
