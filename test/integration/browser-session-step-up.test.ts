import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpAt } from '../local/browser-kit.ts';
import { type Browser, openBrowser, type Page } from '../support/browser.ts';
import { type BrowserProduct, startBrowserProduct } from '../support/browser-product.ts';

const MEMBERS = '{ members(first: 1) { totalCount } }';
const DELETE = 'mutation { deleteTenant(input: { confirmSlug: "globex" }) { tenant { status } } }';
const TWENTY_MINUTES_MS = 1_200_000;

let product: BrowserProduct;
/** How far behind the pool's clock is. */
let behindMs = 0;
beforeAll(async () => {
  product = await startBrowserProduct({ clock: () => new Date(Date.now() - behindMs) });
});
afterAll(() => product[Symbol.asyncDispose]());

const secretOf = ({ text }: Page) => /<code>([A-Z2-7]{52})<\/code>/.exec(text)?.[1] ?? '';

async function signedIn(email: string): Promise<Browser> {
  const browser = openBrowser(product);
  await browser.signIn(email);
  return browser;
}

/** What the answer says of the sign-in it wants; null where it wants none. */
async function stepUpOf(browser: Browser, query: string) {
  const { body } = await browser.query(query);
  const { code, ...demands } = body.errors?.[0].extensions ?? {};
  return code === 'STEP_UP_REQUIRED' ? demands : (code ?? null);
}

describe('a tenant that asks for a second factor', () => {
  let other: Browser;

  it('answers STEP_UP_REQUIRED to a session without one', async () => {
    const olivia = await signedIn('olivia@acme.test');
    expect(await stepUpOf(olivia, MEMBERS)).toBeNull();
    const { body } = await olivia.query('mutation { setTenantPolicy(input: { mfaRequired: true }) { tenant { id } } }');
    expect(body.errors).toBeUndefined();
    expect(await stepUpOf(olivia, MEMBERS)).toEqual({ mfa: true });
  });

  it('goes on after the sign-in the answer asks for, which enrols whoever has no app', async () => {
    const mia = await signedIn('mia@acme.test');
    other = await signedIn('mia@acme.test');
    expect(await stepUpOf(mia, MEMBERS)).toEqual({ mfa: true });
    const enrolment = await mia.open('/session/sign-in?mfa=true');
    await mia.submit(enrolment, { code: totpAt(secretOf(enrolment), new Date()) });
    expect(await stepUpOf(mia, MEMBERS)).toBeNull();
    await mia.post('/session/refresh');
    expect(await stepUpOf(mia, MEMBERS)).toBeNull();
  });

  it('is no sign-in where the pool proves none', async () => {
    const answer = await fetch(`${product.origin}/session/sign-in?mfa=true`, { redirect: 'manual' });
    const address = new URL(answer.headers.get('location') ?? '');
    address.searchParams.delete('acr_values');
    const browser = openBrowser(product);
    const [cookie = ''] = answer.headers.getSetCookie();
    const [name = '', value = ''] = cookie.split(';')[0]?.split(/=(.*)/) ?? [];
    browser.setCookie(name, value);
    const page = await browser.open(address.href);
    const { status, text } = await browser.submit(page, { username: 'adam@acme.test', password: 'Tenantry-demo-1' });
    expect([status, text.includes('did not work')]).toEqual([400, true]);
    expect(browser.cookieOf('__Host-session')).toBeUndefined();
  });

  it('still asks the other session of the same user, whose account has an app by now', async () => {
    expect(await stepUpOf(other, MEMBERS)).toEqual({ mfa: true });
  });
});

describe('a mutation for a sign-in that is fresh', () => {
  it('answers STEP_UP_REQUIRED to an old one, and goes on after the sign-in the answer asks for', async () => {
    behindMs = TWENTY_MINUTES_MS;
    const gina = await signedIn('gina@globex.test');
    behindMs = 0;
    expect(await stepUpOf(gina, DELETE)).toEqual({ maxAuthAgeSeconds: 900 });
    await gina.post('/session/refresh');
    expect(await stepUpOf(gina, DELETE)).toEqual({ maxAuthAgeSeconds: 900 });
    const page = await gina.open('/session/sign-in?max_age=900');
    expect(page.text).toContain('type="password"');
    await gina.signIn('gina@globex.test', '?max_age=900');
    expect(await stepUpOf(gina, DELETE)).toBeNull();
  });

  it('asks a browser that is signed in at the pool for its password, where nothing is fresh enough', async () => {
    const dora = await signedIn('dora@both.test');
    expect((await dora.open('/session/sign-in')).text).not.toContain('type="password"');
    expect((await dora.open('/session/sign-in?max_age=0')).text).toContain('type="password"');
  });
});
