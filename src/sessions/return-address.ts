import type { SessionSettings } from './context.ts';

/**
 * Where a browser goes once it is back: an address of an allowed origin, or a path on the server's `own`. Anything else
 * leads home, so that a link of somebody else's leads nobody off. OWASP, Unvalidated Redirects and Forwards.
 */
export function toReturnAddress(
  wanted: string | undefined,
  { allowedOrigins, homeUrl }: Pick<SessionSettings, 'allowedOrigins' | 'homeUrl'>,
  own: string,
): string {
  if (wanted === undefined || !URL.canParse(wanted, own)) return homeUrl;
  const { origin, username, password, href } = new URL(wanted, own);
  return allowedOrigins.includes(origin) && username === '' && password === '' ? href : homeUrl;
}
