import { isIP } from 'node:net';

/** The address of a request, IPv4 as such where it is mapped into IPv6; null for what a careless proxy may pass on. */
export function toAddress(given: string | undefined): string | null {
  const address = (given ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? null : address;
}
