import { createHash } from 'node:crypto';
import { createSealer } from '../../src/sessions/sealer.ts';
import { findTokens, type Tokens } from '../../src/sessions/tokens.ts';
import type { Browser } from './browser.ts';
import type { BrowserProduct } from './browser-product.ts';

export type SessionRow = {
  readonly key: string;
  readonly session_id: string;
  readonly version: number;
  readonly tokens: string;
  readonly ended_at: Date | null;
};

/** The row behind a browser's cookie. */
export async function rowOf({ sql }: BrowserProduct, browser: Browser): Promise<SessionRow> {
  const [row] = await sql<SessionRow>(
    'select s.* from browser_sessions s join browser_session_ids i on i.session_key = s.key where i.hash = $1',
    [toHash(browser)],
  );
  if (row === undefined) throw new Error('there is no session behind this cookie');
  return row;
}

/** What whoever has the database and a key has too. */
export async function tokensOf(product: BrowserProduct, browser: Browser): Promise<Tokens> {
  const { key, tokens } = await rowOf(product, browser);
  const opened = await createSealer(product.sessions.keys).open(tokens, key);
  const found = opened && findTokens(opened);
  if (!found) throw new Error('the tokens do not open');
  return found;
}

/** From now on its access token counts as expired, for whoever looks at the row. */
export async function expireTokens(product: BrowserProduct, browser: Browser): Promise<void> {
  const { key } = await rowOf(product, browser);
  await product.sql('update browser_sessions set expires_at = current_timestamp where key = $1', [key]);
}

/** From now on no request can be under way any more that began with an id which is spent by now. */
export async function endGrace({ sql }: BrowserProduct): Promise<void> {
  await sql(`update browser_session_ids set spent_at = spent_at - interval '1 hour'`);
}

export function toHash(browser: Browser): string {
  return createHash('sha256')
    .update(browser.cookieOf('__Host-session') ?? '')
    .digest('base64url');
}
