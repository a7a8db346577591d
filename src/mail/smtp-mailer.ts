import type { Mailer } from './mailer.ts';

export type SmtpOptions = {
  /** `smtps://user:password@host:465`, or `smtp://…`, which begins in the clear and must go on in TLS (RFC 3207). */
  readonly url: string;
  /** The sender: an address, or `Name <address>`. */
  readonly from: string;
  /** Milliseconds from connecting to the server's last word. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 2_500;
const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Hands mail to an SMTP server, over a connection for each: invitations are few, and a pool would have to be kept alive. */
export async function createSmtpMailer({ url, from, timeoutMs = TIMEOUT_MS }: SmtpOptions): Promise<Mailer> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url,
    // Without it whoever stands between would take TLS out of the offer, and read secrets. A server here has no between.
    requireTLS: !THIS_MACHINE.has(new URL(url).hostname),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    // The address as an object: as text it would be read as a list, and a comma in it would be one more reader.
    send: ({ to, subject, text }) =>
      within(timeoutMs, transport.sendMail({ from, to: { name: '', address: to }, subject, text })),
  };
}

// Each of the library's own limits begins anew with every step.
async function within(ms: number, sending: Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer of the mail server within ${ms} ms`)), ms);
  try {
    await Promise.race([sending, late]);
  } finally {
    clearTimeout(timer);
  }
}
