/** The pool's own sign-in, by the name Cognito gives it. */
export const SIGN_ON_COOKIE = 'cognito';
/** What ties a form to the browser it was shown to, by the name Cognito gives it. */
export const BROWSER_COOKIE = 'XSRF-TOKEN';

/** A cookie of a request, RFC 6265 §5.4; null when it is not there. */
export function readCookie(header: string | undefined, name: string): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1] ?? null;
}

/** No `Secure`: this pool speaks http to this machine alone. `Lax`, so that no form elsewhere posts with it. */
export function toCookie(name: string, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax`;
}
