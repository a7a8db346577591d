import type { Logger } from '../../src/observability/logger.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { PoolState } from './state/state.ts';
import type { CallTrigger } from './triggers/call-trigger.ts';

export type PoolLog = Pick<Logger, 'warn' | 'error'>;

/** What an operation works with. */
export type Pool = {
  readonly state: PoolState;
  readonly mailbox: Mailbox;
  readonly clock: () => Date;
  readonly refreshRotation: boolean;
  /** Null while nobody listens: every event then counts as answered without a change. */
  trigger: CallTrigger | null;
  /** Sign-ins that wait for a new password, by the `Session` handed out. */
  readonly challenges: Map<string, Challenge>;
};

export type Challenge = { readonly sub: string; readonly clientId: string; readonly expiresAt: Date };
