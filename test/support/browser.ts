import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { APP_ORIGIN, type BrowserProduct } from './browser-product.ts';
import type { Answer } from './product.ts';

export type Page = {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Each address it was led through. */
  readonly trail: readonly string[];
};

/** What a browser does, without a screen: cookies by host, redirects followed, forms filled. Scripts do not run. */
export type Browser = {
  readonly cookieOf: (name: string) => string | undefined;
  /** Those for the product, by name. */
  readonly cookies: () => readonly (readonly [string, string])[];
  readonly setCookie: (name: string, value: string) => void;
  readonly open: (address: string) => Promise<Page>;
  readonly submit: (page: Page, fields: Record<string, string>) => Promise<Page>;
  /** From a page of the app, as its script would. */
  readonly post: (path: string, body?: object, headers?: Record<string, string | null>) => Promise<Answer>;
  readonly query: (query: string, headers?: Record<string, string | null>) => Promise<Answer>;
  /** Signs in at the pool's page and comes back. */
  readonly signIn: (email: string, search?: string) => Promise<Page>;
};

const FROM_APP = { origin: APP_ORIGIN, 'x-csrf-protection': '1', 'content-type': 'application/json' };

export function openBrowser({ origin }: Pick<BrowserProduct, 'origin'>): Browser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: URL | string) => {
    const { hostname } = new URL(url);
    const jar = jars.get(hostname) ?? new Map<string, string>();
    jars.set(hostname, jar);
    return jar;
  };
  const send = async (url: URL, init: RequestInit = {}) => {
    const cookie = [...jarOf(url)].map((pair) => pair.join('=')).join('; ');
    const headers = { ...(cookie !== '' && { cookie }), ...(init.headers as Record<string, string>) };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) keepCookie(jarOf(url), line);
    return answer;
  };
  const visit = async (url: URL, init: RequestInit = {}, before: readonly string[] = []): Promise<Page> => {
    const answer = await send(url, init);
    const trail = [...before, url.href];
    const to = answer.headers.get('location');
    const isAway = to !== null && new URL(to, url).origin === APP_ORIGIN;
    if (to !== null && !isAway) return visit(new URL(to, url), {}, trail);
    const { status, headers } = answer;
    return { url: isAway ? to : url.href, status, headers, text: await answer.text(), trail };
  };
  const browser: Browser = {
    cookieOf: (name) => jarOf(origin).get(name),
    cookies: () => [...jarOf(origin)],
    setCookie: (name, value) => jarOf(origin).set(name, value),
    open: (address) => visit(new URL(address, origin)),
    submit: (page, fields) => {
      const hidden = [...page.text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      const body = new URLSearchParams({
        ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])),
        ...fields,
      });
      return visit(new URL('/login', page.url), { method: 'POST', body });
    },
    post: async (path, body, headers = {}) => {
      const all = Object.entries({ ...FROM_APP, ...headers }).filter(([, value]) => value !== null);
      const answer = await send(new URL(path, origin), {
        method: 'POST',
        headers: Object.fromEntries(all) as Record<string, string>,
        body: JSON.stringify(body ?? {}),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
    },
    query: (query, headers) => browser.post('/graphql', { query }, headers),
    signIn: async (email, search = '') => {
      const page = await browser.open(`/session/sign-in${search}`);
      return browser.submit(page, { username: email, password: DEMO_PASSWORD });
    },
  };
  return browser;
}

function keepCookie(jar: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (/Max-Age=0\b|Expires=Thu, 01 Jan 1970/.test(line)) jar.delete(name);
  else jar.set(name, value);
}
