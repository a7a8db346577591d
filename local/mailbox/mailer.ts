import type { Mailer } from '../../src/mail/mailer.ts';
import type { Mailbox } from './mailbox.ts';

/** Puts what the product mails into the mailbox, beside the codes of the pool. */
export function createMailboxMailer({ deliver }: Pick<Mailbox, 'deliver'>): Mailer {
  return { send: async (mail) => deliver({ ...mail, code: null }) };
}
