/**
 * Where a browser goes once it is back: an address of one of these origins, or a path on the server's own. Anything else
 * leads home, so that a link of somebody else's leads nobody off. OWASP, Unvalidated Redirects and Forwards.
 */
export function toReturnAddress(
  wanted: string | undefined,
  origins: readonly string[],
  home: string,
  own: string,
): string {
  if (wanted === undefined || !URL.canParse(wanted, own)) return home;
  const { origin, username, password, href } = new URL(wanted, own);
  return origins.includes(origin) && username === '' && password === '' ? href : home;
}
