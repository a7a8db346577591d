import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const KEPT = 200;

export const Mail = z
  .object({
    id: z.uuid(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    /** What the reader has to type somewhere; null for a mail that carries no such thing. */
    code: z.string().nullable(),
    sentAt: z.iso.datetime(),
  })
  .readonly();

export type Mail = z.infer<typeof Mail>;

export type Mailbox = {
  /** Newest first; with `to`, only mail for that address in any case of letters. */
  readonly list: (to?: string) => readonly Mail[];
  readonly deliver: (mail: Omit<Mail, 'id' | 'sentAt'>) => void;
};

/** Where mail goes that would leave the machine: the last 200, starting with `kept`, newest first. */
export function createMailbox(kept: readonly Mail[], clock: () => Date): Mailbox {
  let mails = kept;
  return {
    list: (to) => (to === undefined ? mails : mails.filter((mail) => mail.to.toLowerCase() === to.toLowerCase())),
    deliver: (mail) => {
      mails = [{ id: randomUUID(), sentAt: clock().toISOString(), ...mail }, ...mails].slice(0, KEPT);
    },
  };
}
