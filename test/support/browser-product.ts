import { randomBytes } from 'node:crypto';
import { findFreePort } from '../../local/database/find-free-port.ts';
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import type { AppTimings, BrowserSessionOptions } from '../../src/app.ts';
import { type Product, startProduct } from './product.ts';

export type BrowserProduct = Product & {
  /** Where browsers reach it. Not its `url`, which is by another name. */
  readonly origin: string;
  readonly sessions: BrowserSessionOptions;
};

/** An origin whose pages may call, of the same site. */
export const APP_ORIGIN = 'http://localhost:3999';

export type BrowserProductOptions = {
  readonly sessions?: Partial<BrowserSessionOptions>;
  readonly appOrigin?: string;
  /** Seconds the pool takes a refresh token for after it was rotated out. */
  readonly refreshGraceSeconds?: number;
  readonly clock?: () => Date;
  /** Of the groups given here, those of sessions among them. */
  readonly timings?: AppTimings;
};

/** Rows of the database are what a test changes, so hardly anything is remembered of them. */
export const QUICK_SESSIONS: AppTimings = { sessions: { rememberMs: 1, lookAgainMs: 20, revokeMs: 50 } };

/** The product with sessions for browsers, whose client rotates refresh tokens as it should. */
export async function startBrowserProduct({
  sessions: given,
  appOrigin = APP_ORIGIN,
  refreshGraceSeconds = 60,
  clock,
  timings,
}: BrowserProductOptions = {}): Promise<BrowserProduct> {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const homeUrl = `${origin}/session`;
  const sessions: BrowserSessionOptions = {
    clientId: LOCAL_POOL.clientId,
    clientSecret: null,
    keys: [randomBytes(32).toString('base64')],
    origins: [origin],
    homeUrl,
    graceMs: 60_000,
    idleMs: 3_600_000,
    ...given,
  };
  const product = await startProduct({
    app: { port, browserSessions: sessions, corsOrigins: [appOrigin] },
    client: {
      callbackUrls: [`${origin}/session/callback`],
      logoutUrls: [homeUrl],
      refreshRotation: true,
      refreshGraceSeconds,
    },
    overrides: { timings: { ...QUICK_SESSIONS, ...timings } },
    ...(clock && { clock }),
  });
  return { ...product, origin, sessions };
}
