import type { Logger } from '../../src/observability/logger.ts';
import type { CredentialBook } from '../identity-pool/credential-book.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { Pending } from './pending.ts';
import type { PoolState } from './state/state.ts';
import type { CallTrigger } from './triggers/call-trigger.ts';

export type PoolLog = Pick<Logger, 'warn' | 'error'>;

/** What an operation works with. */
export type Pool = {
  readonly state: PoolState;
  readonly pending: Pending;
  readonly mailbox: Mailbox;
  /** What the identity pool beside it has lent. */
  readonly credentials: CredentialBook;
  readonly clock: () => Date;
  /** Null while nobody listens: every event then counts as answered without a change. */
  trigger: CallTrigger | null;
};
