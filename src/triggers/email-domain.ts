import { z } from 'zod';

const Email = z.email().max(254);

/** The domain of an e-mail address, in lower case; null for what is no address. */
export function toEmailDomain(email: string | undefined): string | null {
  if (email === undefined || !Email.safeParse(email).success) return null;
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** True for a listed domain itself: `acme.com` does not let `mail.acme.com` in. `*` lets every domain in. */
export function isListed(domains: readonly string[], domain: string): boolean {
  return domains.includes('*') || domains.includes(domain);
}
