import { isIP } from 'node:net';
import { z } from 'zod';

// What the values of variables may look like, each with the words that say so when one does not.

export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
export const domains = list.pipe(
  z.array(
    z
      .string()
      .toLowerCase()
      .regex(/^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/, 'is not a domain such as acme.com'),
  ),
);
export const onOff = z.enum(['on', 'off'], 'must be on or off').transform((text) => text === 'on');
export const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgres://user:password@host:5432/name',
});
export const whole = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
};
export const port = whole(1, 65_535);
export const perMinute = z.union(
  [z.literal('off').transform(() => null), whole(1, 1_000_000)],
  'must be off, or a whole number of requests a minute from 1 to 1000000',
);
const STORE = 'must be memory, postgres, or look like redis://host:6379';
export const rateLimitStore = z.union(
  [z.enum(['memory', 'postgres'], STORE), z.url({ protocol: /^rediss?$/, error: STORE })],
  STORE,
);
export const smtpUrl = z.url({ protocol: /^smtps?$/, error: 'must look like smtps://user:password@mail.acme.com:465' });
export const sender = z
  .string()
  .regex(
    /^([^\p{Cc}<>"]+ <[^\s\p{Cc}<>,@]+@[^\s\p{Cc}<>,@]+>|[^\s\p{Cc}<>,@]+@[^\s\p{Cc}<>,@]+)$/u,
    'must be an address, or look like Acme <no-reply@acme.com>',
  );
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL such as https://host.acme.com' });
// A secret goes behind it as its fragment, which it may not have yet.
export const pageUrl = httpUrl.refine((url) => !url.includes('#'), 'must be a URL without #');
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-01-31T00:00:00Z' })
  .transform((text) => new Date(text));
export const origins = list.pipe(
  z.array(z.string().refine(isOrigin, 'must be origins such as https://app.acme.com, without a path')),
);
export const proxies = list.pipe(
  z.array(
    z
      .string()
      .refine(
        isProxyRange,
        'must be addresses, ranges such as 10.0.0.0/8 and no wider (IPv6: /16), or loopback, linklocal, uniquelocal',
      ),
  ),
);
export const secrets = list.pipe(
  z.array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64')),
);
export const sealingKeys = list.pipe(
  z.array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64, each')),
);

// RFC 6454 §6.1: what a browser sends, so what it is compared with.
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** An address, a range of them, or a name for well-known ranges. Wider ones would trust half the internet. */
function isProxyRange(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  const [widest, narrowest] = version === 4 ? [8, 32] : [16, 128];
  const isPrefix =
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= widest && Number(bits) <= narrowest);
  return version !== 0 && rest.length === 0 && isPrefix;
}
