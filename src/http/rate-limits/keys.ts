import { isIPv4, isIPv6 } from 'node:net';
import type { Principal } from '../../identity/principal.ts';

/** One key for a user or a machine, whichever of its tokens it shows. */
export function toCallerKey({ kind, subject }: Pick<Principal, 'kind' | 'subject'>): string {
  return `${kind}:${subject.toLowerCase()}`;
}

/**
 * One key for what one subscriber has: an IPv4 address, or the /64 of an IPv6 one (RFC 6177). Spelling makes no difference,
 * nor does IPv4 mapped into IPv6. What is no address, as a careless proxy may pass on, shares one key.
 */
export function toAddressKey(address: string): string {
  const [unzoned = ''] = address.split('%', 1);
  if (isIPv4(unzoned)) return unzoned;
  if (!isIPv6(unzoned)) return 'unknown';
  const groups = toGroups(unzoned);
  return isMapped(groups) ? toDotted(groups.slice(6)) : `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, in the one spelling a URL gives them. */
function toGroups(address: string): readonly string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const given = [...(left ?? []), ...(right ?? [])];
  return [...(left ?? []), ...Array.from({ length: 8 - given.length }, () => '0'), ...(right ?? [])];
}

// RFC 4291 §2.5.5.2: ::ffff:0:0/96.
function isMapped(groups: readonly string[]): boolean {
  return groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
}

function toDotted(groups: readonly string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}
