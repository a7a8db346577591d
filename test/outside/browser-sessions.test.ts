import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { totpAt } from '../local/browser-kit.ts';
import { type AppPage, serveAppPage } from '../support/app-page.ts';
import { type BrowserProduct, startBrowserProduct } from '../support/browser-product.ts';
import { endGrace } from '../support/session-rows.ts';

const MIA = 'mia@acme.test';
const SESSION = '__Host-session';
// JWTs and JWEs begin with the encoding of {" .
const TOKEN = /eyJ[\w-]{10}|access_token|refresh_token|id_token/;

let app: AppPage;
let product: BrowserProduct;
let chrome: Browser;
beforeAll(async () => {
  app = await serveAppPage();
  product = await startBrowserProduct({ appOrigin: app.origin });
  // Root has no sandbox; nothing but pages of this test is opened.
  chrome = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(async () => {
  await chrome.close();
  await product[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

let context: BrowserContext;
let page: Page;
beforeEach(async () => {
  context = await chrome.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

/** The app, which sends whoever is not signed in to the page of the pool. */
const open = async (where = page) => {
  await where.goto(`${app.origin}/#api=${product.origin}`);
};
const who = async (where = page) => {
  await where.waitForFunction("document.getElementById('who')?.textContent");
  return where.textContent('#who');
};
const signIn = async (email = MIA) => {
  await open();
  await page.fill('[name=username]', email);
  await page.fill('[name=password]', DEMO_PASSWORD);
  await page.click('form button');
  await page.waitForURL(`${app.origin}/**`);
};
const statusOf = (path: string, body = {}): Promise<unknown> =>
  page.evaluate(`post('${path}', ${JSON.stringify(body)}).then(({ status }) => status)`);
const ask = () => statusOf('/graphql', { query: '{ viewer { sub } }' });
const cookieOf = async () => (await context.cookies(product.origin)).find(({ name }) => name === SESSION);

describe('Chromium', () => {
  it('signs in at the page of the pool, calls by cookie, refreshes and signs out', async () => {
    await signIn();
    expect(await who()).toBe(MIA);

    const before = await cookieOf();
    expect(await statusOf('/session/refresh')).toBe(200);
    expect((await cookieOf())?.value).not.toBe(before?.value);
    await page.reload();
    expect(await who()).toBe(MIA);

    await page.evaluate('signOut()');
    await page.waitForURL(product.sessions.homeUrl);
    expect(await page.textContent('h1')).toBe('You are not signed in');
    expect(await cookieOf()).toBeUndefined();
    await open();
    await page.waitForSelector('[name=password]');
  });

  it('finds no token in storage, cookies, address, page, or anything it is sent', async () => {
    const seen: string[] = [];
    page.on('request', (request) => seen.push(request.url(), request.postData() ?? ''));
    page.on('response', async (response) => {
      seen.push(JSON.stringify(await response.allHeaders()), await response.text().catch(() => ''));
    });
    await signIn();
    expect(await who()).toBe(MIA);
    expect(await statusOf('/session/refresh')).toBe(200);
    const held = await page.evaluate(`(async () => JSON.stringify([
      { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.documentElement.outerHTML,
      (await indexedDB.databases()).length, (await caches.keys()).length, history.state,
      performance.getEntries().map(({ name }) => name),
    ]))()`);
    seen.push(String(held));
    expect(held).toContain(app.origin);
    expect(seen.length).toBeGreaterThan(20);
    // What the browser brings back from the pool is sealed, in a cookie no script reads.
    const texts = seen.map((text) => text.replaceAll(/__Host-sign-in-[\w-]{8}=[^;]+/g, ''));
    expect(texts.filter((text) => TOKEN.test(text))).toEqual([]);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await cookieOf()).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/', expires: -1 });
  });

  it('loses its session to whoever stole an old cookie, and so does he', async () => {
    await signIn();
    expect(await who()).toBe(MIA);
    const stolen = await cookieOf();
    expect([await statusOf('/session/refresh'), await ask()]).toEqual([200, 200]);
    await endGrace(product);
    expect(await ask()).toBe(200);
    const theft = await chrome.newContext();
    if (stolen) await theft.addCookies([stolen]);
    const thief = await theft.newPage();
    await open(thief);
    await thief.waitForSelector('[name=password]');
    expect(await ask()).toBe(401);
    await theft.close();
  });

  it('is led through a second factor where its tenant asks for one, and goes on', async () => {
    await signIn('gina@globex.test');
    expect(await who()).toBe('gina@globex.test');
    const policy = await page.evaluate(
      "ask('mutation { setTenantPolicy(input: { mfaRequired: true }) { tenant { id } } }')",
    );
    expect(policy).not.toHaveProperty('errors');
    await page.reload();
    const secret = await page.textContent('code');
    await page.fill('[name=code]', totpAt(secret ?? '', new Date()));
    await page.click('form button');
    await page.waitForURL(`${app.origin}/**`);
    expect(await who()).toBe('gina@globex.test');
  });
});

describe('a page of another site', () => {
  it('can do nothing with the cookie, and read nothing', async () => {
    await signIn();
    const body = JSON.stringify({
      query: 'mutation { updateProfile(input: { displayName: "Mallory" }) { user { id } } }',
    });
    await using evil = await serveAppPage(
      '127.0.0.1',
      `<!doctype html><form method="post" enctype="text/plain"></form>
<script>
const api = location.hash.slice(1);
const body = ${JSON.stringify(body)};
async function attack() {
  const all = [];
  for (const path of ['/graphql', '/session/sign-out', '/session/refresh']) {
    for (const mode of ['cors', 'no-cors']) {
      for (const type of ['application/json', 'text/plain']) {
        const headers = { 'content-type': type, ...(mode === 'cors' && { 'x-csrf-protection': '1' }) };
        all.push(await fetch(api + path, { method: 'POST', mode, credentials: 'include', headers, body })
          .then(({ type, status }) => type + ' ' + status, () => 'refused'));
      }
    }
  }
  new Image().src = api + '/session/sign-out';
  return all;
}
function send(path) {
  const form = document.forms[0];
  form.action = api + path;
  form.innerHTML = '<input name="x" value="y">';
  form.submit();
}
</script>`,
    );
    const tab = await context.newPage();
    await tab.goto(`${evil.origin}/#${product.origin}`);
    const answers = (await tab.evaluate('attack()')) as string[];
    expect(new Set(answers)).toEqual(new Set(['refused', 'opaque 0']));
    for (const path of ['/session/sign-out', '/session/refresh', '/graphql']) {
      await tab.goto(`${evil.origin}/#${product.origin}`);
      const answered = tab.waitForResponse((response) => response.url() === `${product.origin}${path}`);
      await tab.evaluate(`send('${path}')`);
      expect((await answered).status(), path).toBeGreaterThanOrEqual(400);
      await tab.waitForURL(`${product.origin}${path}`);
    }
    await page.reload();
    expect(await who()).toBe(MIA);
    const [{ name } = { name: '' }] = await product.sql<{ name: string }>(
      'select display_name as name from users where email = $1',
      [MIA],
    );
    expect(name).not.toBe('Mallory');
  });

  it('cannot frame the pages of /session', async () => {
    const { headers } = await fetch(`${product.origin}/session`, { headers: { accept: 'text/html' } });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
  });
});
