import { randomBytes } from 'node:crypto';
import { type AuthorizationRequest, putPending, type SignOn } from '../pending.ts';
import type { Pool } from '../pool.ts';
import { toSeconds } from '../sign-in.ts';
import { readCookie, SIGN_ON_COOKIE, toCookie } from './cookies.ts';

/** A browser stays signed in for an hour and no longer, however often it comes back. */
export const SIGN_ON_SECONDS = 3_600;

/** Keeps a browser signed in, and gives its cookie. Whatever it was signed in as before ends. */
export function openSignOn(pool: Pool, signOn: SignOn, cookies: string | undefined): string {
  closeSignOn(pool, cookies);
  const id = randomBytes(32).toString('base64url');
  const expiresAt = new Date((signOn.authTime + SIGN_ON_SECONDS) * 1_000);
  putPending(pool.pending.signOns, [id, { ...signOn, expiresAt }], pool.clock());
  return toCookie(SIGN_ON_COOKIE, id, SIGN_ON_SECONDS);
}

/** Who the browser is signed in as, unless that user is gone or disabled since. */
export function findSignOn(pool: Pool, cookies: string | undefined): SignOn | null {
  const signOn = pool.pending.signOns.get(readCookie(cookies, SIGN_ON_COOKIE) ?? '');
  if (!signOn || signOn.expiresAt <= pool.clock()) return null;
  return pool.state.users.get(signOn.sub)?.enabled ? signOn : null;
}

/** Ends the browser's sign-in, and gives what takes its cookie away. */
export function closeSignOn(pool: Pool, cookies: string | undefined): string {
  pool.pending.signOns.delete(readCookie(cookies, SIGN_ON_COOKIE) ?? '');
  return toCookie(SIGN_ON_COOKIE, '', 0);
}

/** Whether this request asks for the password again all the same. */
export function isPasswordWanted(pool: Pool, { prompt, maxAge }: AuthorizationRequest, signOn: SignOn): boolean {
  if (prompt === 'login' || maxAge === 0) return true;
  return maxAge !== null && toSeconds(pool.clock()) - signOn.authTime > maxAge;
}
