import { createHash, randomBytes } from 'node:crypto';
import { TOTP } from 'otpauth';
import type { PoolKit } from './kit.ts';

export const CALLBACK = 'http://localhost:4000/session/callback';
export const GOODBYE = 'http://localhost:4000/';

export type Page = { readonly status: number; readonly location: URL | null; readonly text: string };

export type Browser = {
  readonly cookies: Map<string, string>;
  readonly get: (address: string) => Promise<Page>;
  /** Fills the form of a page and sends it, with the hidden fields it came with. */
  readonly submit: (page: Page, fields: Record<string, string>) => Promise<Page>;
};

/** What a browser does with the hosted page: it keeps cookies and follows redirects within the pool, never out of it. */
export function openBrowser({ pool }: Pick<PoolKit, 'pool'>): Browser {
  const cookies = new Map<string, string>();
  const send = async (address: string, init: RequestInit = {}): Promise<Page> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(new URL(address, pool.endpoint), { ...init, headers: { cookie }, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) keepCookie(cookies, line);
    const to = answer.headers.get('location');
    const location = to === null ? null : new URL(to, pool.endpoint);
    if (location?.origin === new URL(pool.endpoint).origin) return send(location.href);
    return { status: answer.status, location, text: await answer.text() };
  };
  const submit = (page: Page, fields: Record<string, string>) => {
    const hidden = { _csrf: csrfOf(page) };
    return send('/login', { method: 'POST', body: new URLSearchParams({ ...hidden, ...fields }) });
  };
  return { cookies, get: (address) => send(address), submit };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (/Max-Age=0\b/.test(line)) cookies.delete(name);
  else cookies.set(name, value);
}

export function csrfOf({ text }: Page): string {
  return /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

/** What the page says went wrong. */
export function sentenceOf({ text }: Page): string {
  return /<p role="alert">([^<]*)</.exec(text)?.[1] ?? '';
}

export const codeOf = ({ location }: Page): string => location?.searchParams.get('code') ?? '';
export const errorOf = ({ location }: Page): string => location?.searchParams.get('error') ?? '';

export const verifier = randomBytes(32).toString('base64url');
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** The path of `/oauth2/authorize` for the pool's own client, with PKCE; `null` leaves a parameter out. */
export function authorizePath({ ClientId }: PoolKit, change: Record<string, string | null> = {}): string {
  const usual: Record<string, string | null> = {
    response_type: 'code',
    client_id: ClientId,
    redirect_uri: CALLBACK,
    scope: 'openid email aws.cognito.signin.user.admin',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...usual, ...change })) if (value !== null) all.set(name, value);
  return `/oauth2/authorize?${all}`;
}

export type TokenBody = {
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly error?: string;
  readonly error_description?: string;
};

export async function postForm({ pool }: Pick<PoolKit, 'pool'>, path: string, form: Record<string, string>) {
  const answer = await fetch(`${pool.endpoint}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const body: TokenBody = JSON.parse(await answer.text());
  return { status: answer.status, body };
}

/** Trades a code for tokens as the pool's own client. */
export function redeem(kit: PoolKit, code: string, change: Record<string, string> = {}) {
  const form = { grant_type: 'authorization_code', client_id: kit.ClientId, code, redirect_uri: CALLBACK };
  return postForm(kit, '/oauth2/token', { ...form, code_verifier: verifier, ...change });
}

/** The code that an authenticator app with this key shows at `now`. */
export function totpAt(secret: string, now: Date): string {
  return TOTP.generate({ secret: toSecret(secret), timestamp: now.getTime() });
}

function toSecret(secret: string) {
  return new TOTP({ secret }).secret;
}
