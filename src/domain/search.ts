import { badUserInput } from '../errors.ts';

const MAX_LENGTH = 254;

/** Bounds of the keys that begin with `search`: from (inclusive) and below (exclusive), under collation "C". */
export function toPrefixRange(search: string): { readonly from: string; readonly below: string } {
  const from = toSearchKey(search);
  if (from.length > MAX_LENGTH) throw badUserInput(`\`search\` may have at most ${MAX_LENGTH} characters.`);
  if (/\p{Cc}/u.test(from)) throw badUserInput('`search` may not hold control characters.');
  return { from, below: `${from}\u{10FFFF}` };
}

/** Text as search compares it. */
export function toSearchKey(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
