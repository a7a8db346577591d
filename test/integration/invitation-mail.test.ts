import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createMailboxMailer } from '../../local/mailbox/mailer.ts';
import type { Mail } from '../../src/mail/mailer.ts';
import { createSmtpMailer } from '../../src/mail/smtp-mailer.ts';
import { codesOf } from '../support/answers.ts';
import { createInvitationClient, toAddress } from '../support/invitations.ts';
import { addMember, addTenant, type Member } from '../support/people.ts';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { captureLog } from '../support/transcript.ts';

const FROM = 'Tenantry <no-reply@tenantry.test>';
const MAIL: Mail = { to: 'guest@guest.test', subject: 'Hello', text: 'To you.\n' };
const PAGE = 'https://app.acme.test/invitation';

type Received = { readonly to: readonly string[]; readonly source: string };

/** An SMTP server of this machine that keeps what it takes. */
async function startSmtp(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      void text(stream).then((source) => {
        received.push({ to: session.envelope.rcptTo.map(({ address }) => address), source });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  return { received, port };
}

const send = async (url: string, mail: Mail = MAIL, timeoutMs?: number) =>
  (await createSmtpMailer({ url, from: FROM, ...(timeoutMs !== undefined && { timeoutMs }) })).send(mail);

describe('mail by SMTP', () => {
  it('is handed over as it is, from whom it is said to be', async () => {
    const { received, port } = await startSmtp();
    await send(`smtp://127.0.0.1:${port}`);
    expect(received).toMatchObject([{ to: [MAIL.to], source: expect.stringContaining('To you.') }]);
    expect(received[0]?.source).toContain(`From: ${FROM}`);
    expect(received[0]?.source).toContain('Subject: Hello');
  });

  it.each([
    ['a subject', { ...MAIL, subject: 'Acme\r\nBcc: eve@evil.test\r\n\r\nHi' }],
    ['a subject with another end of line', { ...MAIL, subject: 'Acme\nX-Evil: yes' }],
    ['an address', { ...MAIL, to: 'guest@guest.test\r\nBcc: eve@evil.test' }],
    ['an address that is a list', { ...MAIL, to: 'guest@guest.test, eve@evil.test' }],
  ])('gets no header and no reader through %s', async (_, mail) => {
    const { received, port } = await startSmtp();
    await send(`smtp://127.0.0.1:${port}`, mail).catch(() => undefined);
    for (const { to, source } of received) {
      expect(to).toHaveLength(1);
      expect(source).not.toMatch(/^(Bcc|X-Evil):/im);
    }
  });

  it('goes to no other machine in the clear, though that one offers no TLS', async () => {
    const { received, port } = await startSmtp();
    // Every address of 127/8 is this machine, but only the usual names are known to be.
    await expect(send(`smtp://127.0.0.2:${port}`)).rejects.toThrow();
    expect(received).toEqual([]);
  });

  it('is given up where the server says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    // It never says anything: nothing but the limit ends the wait.
    await expect(send(`smtp://127.0.0.1:${port}`, MAIL, 100)).rejects.toThrow();
  });
});

describe('an invitation', () => {
  const { log, lines } = captureLog('info');
  const sent: Mail[] = [];
  let fails = false;
  let product: Product;
  let owner: Member;

  beforeAll(async () => {
    const send = async (mail: Mail) => {
      if (fails) throw new Error('550 mailbox unavailable');
      sent.push(mail);
    };
    const shared = await getSharedProduct();
    product = await startBeside(shared, { app: { log, mail: { mailer: { send }, invitationUrl: PAGE } } });
  });
  afterAll(() => product[Symbol.asyncDispose]());
  beforeEach(async () => {
    sent.length = 0;
    fails = false;
    owner = await addMember(product, await addTenant(product), 'OWNER');
  });

  it('is mailed to its address, with the secret where no server sees it', async () => {
    const { invite } = createInvitationClient(product);
    const email = toAddress();
    const { secret, mailed } = (await invite(owner, email)).body.data.inviteMember;
    expect([mailed, sent]).toMatchObject([true, [{ to: email, subject: expect.stringMatching(/^Invitation to t-/) }]]);
    expect(sent[0]?.text).toContain(`${PAGE}#secret=${secret}\n`);
  });

  it('is kept and answered where the mail fails, and the log says so without the secret', async () => {
    const { invite } = createInvitationClient(product);
    fails = true;
    const from = lines.length;
    const answer = await invite(owner, toAddress());
    const { secret, mailed, invitation } = answer.body.data.inviteMember;
    expect([codesOf(answer), mailed, invitation.status]).toEqual([[], false, 'PENDING']);
    const told = lines.slice(from).filter((line) => line.includes('could not be mailed'));
    expect(told).toHaveLength(1);
    expect(lines.slice(from).join('')).not.toContain(secret.slice(4));
  });

  it('is mailed to one address ten times an hour, whoever sends it', async () => {
    const { invited, resend, invite } = createInvitationClient(product);
    const email = toAddress();
    const first = await invited(owner, email);
    for (let count = 1; count < 10; count += 1) await resend(owner, first);
    const other = await addMember(product, await addTenant(product), 'OWNER');
    expect((await resend(owner, first)).body.data.resendInvitation.mailed).toBe(false);
    expect((await invite(other, email.toUpperCase())).body.data.inviteMember.mailed).toBe(false);
    expect(sent).toHaveLength(10);
  });

  it('is mailed by nobody where no mail is set up', async () => {
    await using bare = await startBeside(product, { app: { mail: null } });
    const by = await addMember(bare, await addTenant(bare), 'OWNER');
    const { body } = await createInvitationClient(bare).invite(by, toAddress());
    expect(body.data.inviteMember).toMatchObject({ mailed: false, secret: expect.stringMatching(/^inv_/) });
  });

  it('comes to the mailbox of this machine, where the local pool stands in', async () => {
    const { deliver } = product.pool.mailbox;
    await createMailboxMailer({ deliver }).send({ ...MAIL, to: 'box@guest.test' });
    const mails = await (await fetch(`${product.pool.endpoint}/mailbox.json?to=box@guest.test`)).json();
    expect(mails).toMatchObject([{ to: 'box@guest.test', subject: MAIL.subject, text: MAIL.text, code: null }]);
  });
});
