import { z } from 'zod';
import type { User } from '../user/index.ts';

/** An address that can be invited: ASCII, RFC 5321 §4.5.3.1.3. */
export const InvitedAddress = z.string().trim().pipe(z.email('That is not an e-mail address.').max(254));

const ASCII = /^[\x21-\x7e]+$/;

/**
 * True for one address in whatever case of letters. Beyond ASCII nothing equals: lower case makes ASCII of letters that are
 * none, such as the Kelvin sign, and an address spelled with them is another's.
 */
export function isSameAddress(one: string, other: string): boolean {
  return ASCII.test(one) && ASCII.test(other) && one.toLowerCase() === other.toLowerCase();
}

/** The address that is shown to be the user's; null where none is. That its domain is known shows nothing. */
export function toProvenAddress(user: Pick<User, 'email' | 'emailProof'> | null): string | null {
  return user !== null && ['CODE', 'IDP'].includes(user.emailProof) ? user.email : null;
}
