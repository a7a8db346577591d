import { Resolver } from 'node:dns/promises';

/** The TXT records under a name, each as one text; none where there are none. Rejects where DNS does not answer. */
export type TxtResolver = (name: string) => Promise<readonly string[]>;

const TIMEOUT_MS = 1_500;
const TRIES = 2;
const NOTHING_THERE = ['ENOTFOUND', 'ENODATA'];

/** Asks the machine's own DNS servers. */
export function createTxtResolver(): TxtResolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  return async (name) => {
    try {
      // RFC 7208 §3.3: the strings of one record are put together without spaces.
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      if (error instanceof Error && 'code' in error && NOTHING_THERE.includes(String(error.code))) return [];
      throw error;
    }
  };
}
