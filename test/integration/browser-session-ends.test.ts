import { GetTokensFromRefreshTokenCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SESSION_TIMINGS } from '../../src/sessions/context.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { type BrowserProduct, startBrowserProduct } from '../support/browser-product.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { rowOf, tokensOf } from '../support/session-rows.ts';

const MIA = 'mia@acme.test';
const SESSION = '__Host-session';
const VIEWER = '{ viewer { sub } }';
// A sign-in in the second of signOutEverywhere is ended by it too: each of these users signs in for one such test.
const OLIVIA = 'olivia@acme.test';
const ADAM = 'adam@acme.test';

let product: BrowserProduct;
let browser: Browser;
/** How far ahead the pool's clock is. */
let aheadMs = 0;
beforeAll(async () => {
  product = await startBrowserProduct({ clock: () => new Date(Date.now() + aheadMs) });
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(async () => {
  browser = await signedIn(MIA);
});

async function signedIn(email: string): Promise<Browser> {
  const somebody = openBrowser(product);
  await somebody.signIn(email);
  expect(await codeOf(somebody)).toBe(200);
  return somebody;
}

async function codeOf(browser: Browser): Promise<number> {
  return (await browser.query(VIEWER)).status;
}

/** What the pool answers to whoever has the refresh token. */
function useAtPool(refreshToken: string): Promise<string> {
  const command = new GetTokensFromRefreshTokenCommand({
    ClientId: product.pool.clientId,
    RefreshToken: refreshToken,
  });
  return product.sdk.send(command).then(
    () => 'good',
    (error: Error) => error.name,
  );
}

function becauseOf(sessionId: string) {
  return product.sql(`select actor_id, changes from audit_events where action = 'session.end' and target_id = $1`, [
    sessionId,
  ]);
}

describe('POST /session/sign-out', () => {
  it('takes the cookie from the browser, and from whoever copied it', async () => {
    const id = browser.cookieOf(SESSION) ?? '';
    await browser.post('/session/sign-out');
    expect(browser.cookieOf(SESSION)).toBeUndefined();
    const copy = openBrowser(product);
    copy.setCookie(SESSION, id);
    expect(await codeOf(copy)).toBe(401);
    expect((await copy.post('/session/refresh')).status).toBe(401);
  });

  it('ends its access token too, wherever it got to', async () => {
    const { access } = await tokensOf(product, browser);
    expect((await product.query(access, VIEWER)).status).toBe(200);
    await browser.post('/session/sign-out');
    expect((await product.query(access, VIEWER)).status).toBe(401);
  });

  it('has the refresh token revoked at the pool, and then keeps nothing of the session', async () => {
    expect(SESSION_TIMINGS.revokeMs).toBeLessThanOrEqual(2_000);
    const { refresh } = await tokensOf(product, browser);
    const { key } = await rowOf(product, browser);
    await browser.post('/session/sign-out');
    const left = async () =>
      (await product.sql('select key from browser_sessions where key = $1', [key])).length +
      (await product.sql('select hash from browser_session_ids where session_key = $1', [key])).length;
    await expect.poll(left, EVENTUALLY).toBe(0);
    expect(await useAtPool(refresh)).toBe('NotAuthorizedException');
  });

  it('says where the pool forgets the browser, and from there it comes home', async () => {
    const { body } = await browser.post('/session/sign-out');
    const home = await browser.open(body.signOutUrl);
    expect(home.url).toBe(product.sessions.homeUrl);
    // Without that the pool would let the next one in without a password.
    const { text } = await browser.open('/session/sign-in');
    expect(text).toContain('type="password"');
  });

  it('is told of in the audit trail, by its user', async () => {
    const { session_id: sessionId } = await rowOf(product, browser);
    const [{ sub = '' } = {}] = await product.sql<{ sub: string }>('select id as sub from users where email = $1', [
      MIA,
    ]);
    await browser.post('/session/sign-out');
    expect(await becauseOf(sessionId)).toEqual([{ actor_id: sub, changes: null }]);
  });

  it('leaves the other sessions of the user alone', async () => {
    const other = openBrowser(product);
    await other.signIn(MIA);
    await browser.post('/session/sign-out');
    expect(await codeOf(other)).toBe(200);
  });

  it('is no error for a browser that is not signed in', async () => {
    const { status, body } = await openBrowser(product).post('/session/sign-out');
    expect([status, Object.keys(body)]).toEqual([200, ['signOutUrl']]);
  });
});

describe('a browser is signed out everywhere else too:', () => {
  it('by signOut, which it calls itself', async () => {
    await browser.query('mutation { signOut(input: {}) { session { id } } }');
    expect(await codeOf(browser)).toBe(401);
  });

  it('by signOut of another session of its user, which finds it by viewer.sessions', async () => {
    const { session_id: sessionId } = await rowOf(product, browser);
    const other = openBrowser(product);
    await other.signIn(MIA);
    await codeOf(browser);
    const { body } = await other.query('{ viewer { sessions { id isCurrent } } }');
    expect(body.data.viewer.sessions).toContainEqual({ id: sessionId, isCurrent: false });
    await other.query(`mutation { signOut(input: { sessionId: "${sessionId}" }) { session { id } } }`);
    expect(await codeOf(browser)).toBe(401);
    expect(await codeOf(other)).toBe(200);
  });

  it('by signOutEverywhere', async () => {
    const olivia = await signedIn(OLIVIA);
    const { refresh } = await tokensOf(product, olivia);
    await product.query(await product.tokenOf(OLIVIA), 'mutation { signOutEverywhere { sessions { id } } }');
    expect(await codeOf(olivia)).toBe(401);
    await expect.poll(() => useAtPool(refresh), EVENTUALLY).toBe('NotAuthorizedException');
  });

  it('by signOutEverywhere, after which the pool asks for the password, though it still knows the browser', async () => {
    const adam = await signedIn(ADAM);
    await adam.query('mutation { signOutEverywhere { sessions { id } } }');
    expect(await codeOf(adam)).toBe(401);
    // A password is of a later second than the end.
    aheadMs = 2_000;
    const page = await adam.open('/session/sign-in?return_to=/livez');
    expect(page.text).toContain('type="password"');
    const done = await adam.submit(page, { username: ADAM, password: 'Tenantry-demo-1' });
    expect(done.url).toBe(`${product.origin}/livez`);
    expect(await codeOf(adam)).toBe(200);
    aheadMs = 0;
  });

  it('by disableUser, and stays so when he is enabled again', async () => {
    const somebody = openBrowser(product);
    await somebody.signIn('gina@globex.test');
    const [{ id = '' } = {}] = await product.sql<{ id: string }>(
      `select id from users where email = 'gina@globex.test'`,
    );
    const root = await product.tokenOf('root@tenantry.test');
    const order = (name: string) =>
      product.query(root, `mutation { ${name}(input: { userId: "${id}" }) { user { id } } }`);
    await order('disableUser');
    expect(await codeOf(somebody)).toBe(401);
    await order('enableUser');
    expect(await codeOf(somebody)).toBe(401);
  });

  it('by deleteMyAccount, of which nothing is left', async () => {
    const nobody = openBrowser(product);
    await nobody.signIn('dora@both.test');
    const { key } = await rowOf(product, nobody);
    const { body } = await nobody.query(
      'mutation { deleteMyAccount(input: { confirmEmail: "dora@both.test" }) { userId } }',
    );
    expect(body.errors).toBeUndefined();
    expect(await codeOf(nobody)).toBe(401);
    const left = async () => (await product.sql('select key from browser_sessions where key = $1', [key])).length;
    await expect.poll(left, EVENTUALLY).toBe(0);
  });

  it('by the end of what is left alone', async () => {
    const { key, session_id: sessionId } = await rowOf(product, browser);
    const back = `current_timestamp - interval '61 minutes'`;
    await product.sql(`update browser_sessions set created_at = ${back} where key = $1`, [key]);
    await product.sql(`update sessions set last_seen_at = ${back} where id = $1`, [sessionId]);
    expect(await codeOf(browser)).toBe(401);
    expect(await becauseOf(sessionId)).toEqual([{ actor_id: null, changes: { because: 'LEFT_ALONE' } }]);
  });

  it('by its last day, however often it was refreshed', async () => {
    const { key } = await rowOf(product, browser);
    await product.sql('update browser_sessions set ends_at = current_timestamp where key = $1', [key]);
    expect(await codeOf(browser)).toBe(401);
  });
});
