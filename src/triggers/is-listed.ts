/** True for a listed domain itself: `acme.com` does not let `mail.acme.com` in. `*` lets every domain in. */
export function isListed(domains: readonly string[], domain: string): boolean {
  return domains.includes('*') || domains.includes(domain);
}
