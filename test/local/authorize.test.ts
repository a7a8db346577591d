import { CreateUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizePath, CALLBACK, csrfOf, errorOf, GOODBYE, openBrowser, sentenceOf } from './browser-kit.ts';
import { createUser, PASSWORD, type PoolKit, startKit } from './kit.ts';

let kit: PoolKit;
let now = new Date();
beforeAll(async () => {
  kit = await startKit({ clock: () => now, callbackUrls: [CALLBACK], logoutUrls: [GOODBYE] });
});
afterAll(() => kit[Symbol.asyncDispose]());

const ask = (change: Record<string, string | null>) => openBrowser(kit).get(authorizePath(kit, change));

/** A browser whose user has just entered the password. */
async function signedIn() {
  const { email, sub } = await createUser(kit);
  const browser = openBrowser(kit);
  const form = await browser.get(authorizePath(kit));
  const done = await browser.submit(form, { username: email, password: PASSWORD });
  return { browser, done, email, sub };
}

describe('GET /oauth2/authorize', () => {
  it('shows a form, and sends the browser back with a code and the state', async () => {
    const { done } = await signedIn();
    expect(done.status).toBe(303);
    expect(`${done.location?.origin}${done.location?.pathname}`).toBe(CALLBACK);
    expect([...(done.location?.searchParams.keys() ?? [])]).toEqual(['code', 'state']);
    expect(done.location?.searchParams.get('state')).toBe('the-state');
  });

  it.each<[string, Record<string, string | null>]>([
    ['an unknown client', { client_id: '__proto__' }],
    ['no client', { client_id: null }],
    ['no redirect_uri', { redirect_uri: null }],
    ['a redirect_uri of somebody else', { redirect_uri: 'https://evil.test/session/callback' }],
    ['a redirect_uri that only begins like one', { redirect_uri: `${CALLBACK}/../evil` }],
    ['a redirect_uri with another query', { redirect_uri: `${CALLBACK}?to=evil` }],
  ])('answers %s with a page and redirects nowhere', async (_, change) => {
    const page = await ask(change);
    expect([page.status, page.location]).toEqual([400, null]);
    expect(sentenceOf(page)).not.toBe('');
  });

  it('redirects nowhere when redirect_uri stands there twice', async () => {
    const path = `${authorizePath(kit)}&redirect_uri=${encodeURIComponent('https://evil.test/')}`;
    expect(await openBrowser(kit).get(path)).toMatchObject({ status: 400, location: null });
  });

  it.each<[string, Record<string, string | null>, string]>([
    ['response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
    ['no response_type', { response_type: null }, 'invalid_request'],
    ['a scope the client may not have', { scope: 'openid tenantry/members.read' }, 'invalid_scope'],
    ['code_challenge_method=plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a code_challenge without a method', { code_challenge_method: null }, 'invalid_request'],
    ['a method without a code_challenge', { code_challenge: null }, 'invalid_request'],
    ['a max_age that is no number', { max_age: 'soon' }, 'invalid_request'],
    ['acr_values nobody knows', { acr_values: 'urn:acme:gold' }, 'invalid_request'],
    ['prompt=none without a sign-in', { prompt: 'none' }, 'login_required'],
  ])('sends %s back as an error, with the state', async (_, change, error) => {
    const { location } = await ask(change);
    expect(location?.origin).toBe('http://localhost:4000');
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({ error, state: 'the-state' });
  });

  it('sends a parameter given twice back as an error', async () => {
    const page = await openBrowser(kit).get(`${authorizePath(kit)}&nonce=again`);
    expect(errorOf(page)).toBe('invalid_request');
  });

  it('refuses a client that was not given the code flow', async () => {
    const { UserPoolClient } = await kit.sdk.send(
      new CreateUserPoolClientCommand({
        UserPoolId: kit.UserPoolId,
        ClientName: 'other',
        CallbackURLs: [CALLBACK],
        SupportedIdentityProviders: ['COGNITO'],
      }),
    );
    expect(errorOf(await ask({ client_id: UserPoolClient?.ClientId ?? '' }))).toBe('unauthorized_client');
  });
});

describe('The sign-in of a browser', () => {
  it('gives the next code without a form, for an hour', async () => {
    const { browser } = await signedIn();
    expect((await browser.get(authorizePath(kit))).location?.searchParams.has('code')).toBe(true);
    expect((await browser.get(authorizePath(kit, { prompt: 'none' }))).location?.searchParams.has('code')).toBe(true);
    now = new Date(now.getTime() + 3_600_000);
    expect(csrfOf(await browser.get(authorizePath(kit)))).not.toBe('');
  });

  it('is asked for the password again by prompt=login', async () => {
    const { browser } = await signedIn();
    expect((await browser.get(authorizePath(kit, { prompt: 'login' }))).text).toContain('name="password"');
  });

  it('is asked for the password again by max_age=0 in the very second of it', async () => {
    const { browser } = await signedIn();
    expect((await browser.get(authorizePath(kit, { max_age: '0' }))).text).toContain('name="password"');
  });

  it('is asked for the password again once max_age is over', async () => {
    const { browser } = await signedIn();
    now = new Date(now.getTime() + 60_000);
    const within = await browser.get(authorizePath(kit, { max_age: '60' }));
    expect(within.location?.searchParams.has('code')).toBe(true);
    expect((await browser.get(authorizePath(kit, { max_age: '59' }))).text).toContain('name="password"');
    expect(errorOf(await browser.get(authorizePath(kit, { max_age: '59', prompt: 'none' })))).toBe('login_required');
  });

  it('is in a cookie no script reads and no form elsewhere sends', async () => {
    const { email } = await createUser(kit);
    const browser = openBrowser(kit);
    const form = await browser.get(authorizePath(kit));
    const answer = await fetch(`${kit.pool.endpoint}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: `XSRF-TOKEN=${browser.cookies.get('XSRF-TOKEN')}` },
      body: new URLSearchParams({ _csrf: csrfOf(form), username: email, password: PASSWORD }),
    });
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^cognito=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/),
    ]);
  });

  it('ends by /logout, which goes to an address of the client and nowhere else', async () => {
    const { browser } = await signedIn();
    const { ClientId } = kit;
    const leave = (to: string, id = ClientId) =>
      browser.get(`/logout?${new URLSearchParams({ client_id: id, logout_uri: to })}`);
    for (const to of ['https://evil.test/', `${GOODBYE}x`, '//evil.test', '']) {
      expect(await leave(to)).toMatchObject({ status: 400, location: null });
    }
    expect(await leave(GOODBYE, 'other')).toMatchObject({ status: 400, location: null });
    expect(errorOf(await browser.get(authorizePath(kit, { prompt: 'none' })))).toBe('');
    const cookie = browser.cookies.get('cognito') ?? '';
    expect((await leave(GOODBYE)).location?.href).toBe(GOODBYE);
    expect(browser.cookies.has('cognito')).toBe(false);
    browser.cookies.set('cognito', cookie);
    expect(errorOf(await browser.get(authorizePath(kit, { prompt: 'none' })))).toBe('login_required');
  });
});
