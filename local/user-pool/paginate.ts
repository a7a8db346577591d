import { invalidParameter } from './errors.ts';

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | undefined };

/** A page in the order of `keyOf`. The token names the last key given, so a row deleted meanwhile shifts nothing. */
export function paginate<Item>(
  all: Iterable<Item>,
  keyOf: (item: Item) => string,
  { limit, token }: { readonly limit: number; readonly token: string | undefined },
): Page<Item> {
  const after = token === undefined ? '' : readToken(token);
  const rest = [...all].filter((item) => keyOf(item) > after).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last && rest.length > limit ? writeToken(keyOf(last)) : undefined };
}

function writeToken(key: string): string {
  return Buffer.from(JSON.stringify({ after: key })).toString('base64url');
}

function readToken(token: string): string {
  try {
    return String(JSON.parse(Buffer.from(token, 'base64url').toString()).after);
  } catch {
    throw invalidParameter('Invalid pagination token.');
  }
}
