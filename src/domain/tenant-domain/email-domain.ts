import { domainToASCII } from 'node:url';
import freeEmailDomains from 'free-email-domains';
import { z } from 'zod';

const FREEMAIL: ReadonlySet<string> = new Set(freeEmailDomains);

// RFC 1035 §2.3.4 and RFC 5321 §2.3.5: labels of at most 63 characters, 253 together, and a name, not an address.
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$`);

const NO_DOMAIN = 'That is not a domain such as acme.com.';

/** An e-mail domain as DNS has it: lower case, ASCII. Where everybody can have an address, none is a tenant's. */
export const EmailDomain = z
  .string()
  .trim()
  // What reads a URL would read a host out of more than a domain.
  .regex(/^[\p{L}\p{M}\p{N}.-]{1,253}$/u, { error: NO_DOMAIN, abort: true })
  .transform((domain) => domainToASCII(domain.replace(/\.$/, '')).toLowerCase())
  .refine((domain) => DOMAIN.test(domain), NO_DOMAIN)
  .refine((domain) => !FREEMAIL.has(domain), 'Everybody can have an address in that domain, so it is nobody’s own.');

const Email = z.email().max(254);

/** The domain of an e-mail address, in lower case; null for what is no address. */
export function toEmailDomain(email: string | null | undefined): string | null {
  if (email == null || !Email.safeParse(email).success) return null;
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}
