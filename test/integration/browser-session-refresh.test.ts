import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/browser.ts';
import { APP_ORIGIN, type BrowserProduct, QUICK_SESSIONS, startBrowserProduct } from '../support/browser-product.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { type Product, startBeside, toOptions } from '../support/product.ts';
import { endGrace, expireTokens, rowOf, tokensOf } from '../support/session-rows.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const MIA = 'mia@acme.test';
const DORA = 'dora@both.test';
const SESSION = '__Host-session';
const VIEWER = '{ viewer { sub tenantId } }';

let product: BrowserProduct;
let browser: Browser;
beforeAll(async () => {
  product = await startBrowserProduct({ timings: { sessions: { ...QUICK_SESSIONS.sessions, waitMs: NEVER_MS } } });
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(async () => {
  browser = openBrowser(product);
  await browser.signIn(MIA);
});

/** Another node beside it, under the same name of this machine. */
async function startOther(
  keys = product.sessions.keys,
  poolEndpoint = product.pool.endpoint,
): Promise<Product & { readonly origin: string }> {
  const { pool, database, sessions } = product;
  const local = { endpoint: poolEndpoint, keySetUrl: pool.jwksUri };
  const userPool = { ...toOptions(pool, database).userPool, local };
  const node = await startBeside(product, {
    app: { corsOrigins: [APP_ORIGIN], userPool, browserSessions: { ...sessions, keys } },
    overrides: { timings: QUICK_SESSIONS },
  });
  return { ...node, origin: node.url.replace('127.0.0.1', 'localhost') };
}

/** Shows another node the cookie of this browser. */
async function askFully({ origin }: { readonly origin: string }) {
  const other = openBrowser({ origin });
  other.setCookie(SESSION, browser.cookieOf(SESSION) ?? '');
  return other.query(VIEWER);
}

const ask = async (other: { readonly origin: string }) => (await askFully(other)).status;

async function codeOf(browser: Browser): Promise<number> {
  return (await browser.query(VIEWER)).status;
}

describe('an access token that is about to expire', () => {
  it('is refreshed by the request that finds it so, and the browser gets a new id', async () => {
    const before = browser.cookieOf(SESSION);
    const { access } = await tokensOf(product, browser);
    await expireTokens(product, browser);
    expect(await codeOf(browser)).toBe(200);
    expect(browser.cookieOf(SESSION)).not.toBe(before);
    expect((await tokensOf(product, browser)).access).not.toBe(access);
  });

  it('is refreshed once by twenty requests at once', async () => {
    await expireTokens(product, browser);
    const statuses = await Promise.all(Array.from({ length: 20 }, () => codeOf(browser)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await rowOf(product, browser)).version).toBe(1);
  });

  it('is refreshed once by two nodes, and both go on', async () => {
    await using other = await startOther();
    const { key } = await rowOf(product, browser);
    await expireTokens(product, browser);
    const asked = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? codeOf(browser) : ask(other)));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
    const [row] = await product.sql<{ version: number }>('select version from browser_sessions where key = $1', [key]);
    expect(row?.version).toBe(1);
  });

  it('is refreshed by the next where a node died over it', async () => {
    const { key } = await rowOf(product, browser);
    await expireTokens(product, browser);
    const leaseFor = (interval: string) =>
      product.sql('update browser_sessions set refreshing_until = current_timestamp + $2::interval where key = $1', [
        key,
        interval,
      ]);
    await leaseFor('1 hour');
    const before = await rowOf(product, browser);
    const code = codeOf(browser);
    await sleep(100);
    expect((await rowOf(product, browser)).version).toBe(before.version);
    await leaseFor('-1 second');
    expect(await code).toBe(200);
    expect((await rowOf(product, browser)).version).toBe(before.version + 1);
  });

  it('is refreshed again with the same refresh token where the answer was lost (the grace of rotation)', async () => {
    const { refresh } = await tokensOf(product, browser);
    const lost = new GetTokensFromRefreshTokenCommand({ ClientId: product.pool.clientId, RefreshToken: refresh });
    await product.sdk.send(lost);
    await expireTokens(product, browser);
    expect(await codeOf(browser)).toBe(200);
  });

  it('still serves what it is good for while the pool is away, and is SERVICE_UNAVAILABLE after that', async () => {
    await using way = await startTcpProxy(product.pool.endpoint);
    await using far = await startOther(product.sessions.keys, way.url);
    const { key } = await rowOf(product, browser);
    await way.stop();
    const expireIn = (interval: string) =>
      product.sql(`update browser_sessions set expires_at = current_timestamp + $2::interval where key = $1`, [
        key,
        interval,
      ]);
    await expireIn('30 seconds');
    expect(await ask(far)).toBe(200);
    await expireIn('-1 seconds');
    const { status, headers, body } = await askFully(far);
    expect([status, headers.get('retry-after'), body.errors[0].extensions.code]).toEqual([
      503,
      '2',
      'SERVICE_UNAVAILABLE',
    ]);
    // Nothing was lost over it.
    expect((await rowOf(product, browser)).ended_at).toBeNull();
  });
});

describe('a browser that shows an id that is spent', () => {
  it('is served while requests may be under way', async () => {
    const old = openBrowser(product);
    old.setCookie(SESSION, browser.cookieOf(SESSION) ?? '');
    await browser.post('/session/refresh');
    expect([await codeOf(browser), await codeOf(old)]).toEqual([200, 200]);
  });

  it('has stolen it, or it was stolen from: the session ends for both', async () => {
    const thief = openBrowser(product);
    thief.setCookie(SESSION, browser.cookieOf(SESSION) ?? '');
    const { session_id: sessionId } = await rowOf(product, browser);
    await browser.post('/session/refresh');
    expect(await codeOf(browser)).toBe(200);
    const { access } = await tokensOf(product, browser);
    await endGrace(product);
    expect(await codeOf(browser)).toBe(200);
    expect(await codeOf(thief)).toBe(401);
    expect(await codeOf(browser)).toBe(401);
    expect((await product.query(access, VIEWER)).status).toBe(401);
    const ends = await product.sql(`select changes from audit_events where action = 'session.end' and target_id = $1`, [
      sessionId,
    ]);
    expect(ends).toEqual([{ changes: { because: 'ID_REUSED' } }]);
  });

  it('ends it also where the thief was the first to get a new one', async () => {
    const thief = openBrowser(product);
    thief.setCookie(SESSION, browser.cookieOf(SESSION) ?? '');
    await thief.post('/session/refresh');
    await codeOf(thief);
    await endGrace(product);
    expect(await codeOf(browser)).toBe(401);
    expect(await codeOf(thief)).toBe(401);
  });

  it('is its owner, where the answer with the new one never came', async () => {
    const before = browser.cookieOf(SESSION) ?? '';
    await browser.post('/session/refresh');
    browser.setCookie(SESSION, before);
    await endGrace(product);
    expect(await codeOf(browser)).toBe(200);
    await browser.post('/session/refresh');
    expect(browser.cookieOf(SESSION)).not.toBe(before);
    expect(await codeOf(browser)).toBe(200);
  });
});

describe('a refresh the pool refuses', () => {
  it('ends the session: the user was signed out there', async () => {
    const Username = (await product.sql<{ username: string }>('select username from users where email = $1', [MIA]))[0]
      ?.username;
    await product.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: product.pool.poolId, Username }));
    await expireTokens(product, browser);
    expect(await codeOf(browser)).toBe(401);
    expect((await browser.post('/session/refresh')).status).toBe(401);
  });

  it('ends the session: its refresh token was used by somebody else (RefreshTokenReuseException)', async () => {
    await using strict = await startBrowserProduct({ refreshGraceSeconds: 0 });
    const victim = openBrowser(strict);
    await victim.signIn(MIA);
    const { refresh, access } = await tokensOf(strict, victim);
    const { session_id: sessionId } = await rowOf(strict, victim);
    await strict.sdk.send(
      new GetTokensFromRefreshTokenCommand({ ClientId: strict.pool.clientId, RefreshToken: refresh }),
    );
    await expireTokens(strict, victim);
    expect(await codeOf(victim)).toBe(401);
    expect((await strict.query(access, VIEWER)).status).toBe(401);
    const ends = await strict.sql(`select changes from audit_events where action = 'session.end' and target_id = $1`, [
      sessionId,
    ]);
    expect(ends).toEqual([{ changes: { because: 'POOL_REFUSED' } }]);
  });
});

describe('POST /session/refresh', () => {
  const tenantIdOf = async (slug: string) =>
    (await product.sql<{ id: string }>('select id from tenants where slug = $1', [slug]))[0]?.id ?? '';
  const switchTo = async (somebody: Browser, slug: string) =>
    somebody.post('/session/refresh', { tenantId: await tenantIdOf(slug) });
  const tenantOf = async (somebody: Browser) => (await somebody.query(VIEWER)).body.data.viewer.tenantId;

  it('takes the session into another tenant of its user, where it stays', async () => {
    const [here, there] = [openBrowser(product), openBrowser(product)];
    await here.signIn(DORA);
    await there.signIn(DORA);
    expect((await switchTo(here, 'globex')).status).toBe(200);
    expect((await switchTo(there, 'acme')).status).toBe(200);
    await expireTokens(product, here);
    expect([await tenantOf(here), await tenantOf(there)]).toEqual([
      await tenantIdOf('globex'),
      await tenantIdOf('acme'),
    ]);
  });

  it('takes nobody into a tenant he does not belong to', async () => {
    const { status, body } = await switchTo(browser, 'globex');
    const nowhere = await browser.post('/session/refresh', { tenantId: randomUUID() });
    expect([status, body.errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
    expect([nowhere.status, nowhere.text]).toEqual([status, JSON.stringify(body)]);
    expect(await tenantOf(browser)).toBe(await tenantIdOf('acme'));
  });

  it('mends TOKEN_STALE', async () => {
    browser = openBrowser(product);
    await browser.signIn(DORA);
    await product.sql(
      `update memberships set role = 'ADMIN', version = version + 1000 where user_id = (select id from users where email = $1)`,
      [DORA],
    );
    const codeNow = async () => (await browser.query(VIEWER)).body.errors?.[0].extensions.code;
    await expect.poll(codeNow, EVENTUALLY).toBe('TOKEN_STALE');
    await browser.post('/session/refresh');
    expect(await codeOf(browser)).toBe(200);
  });

  it('says until when the session goes on without another', async () => {
    const { body } = await browser.post('/session/refresh');
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now());
    expect(body.tenantId).toBe(await tenantIdOf('acme'));
    expect(Object.keys(body)).toEqual(['expiresAt', 'tenantId']);
  });

  it.each([{ tenantId: 'acme' }, { tenant: 1 }, [1]])('answers %j with BAD_USER_INPUT', async (body) => {
    const answer = await browser.post('/session/refresh', body);
    expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('is UNAUTHENTICATED without a cookie', async () => {
    expect((await openBrowser(product).post('/session/refresh')).status).toBe(401);
  });
});

describe('SESSION_KEYS', () => {
  const fresh = randomBytes(32).toString('base64');

  it('open what an older one sealed', async () => {
    await using rotated = await startOther([fresh, ...product.sessions.keys]);
    expect(await ask(rotated)).toBe(200);
  });

  it('do not, once it is gone; and nothing is ended over it', async () => {
    await using without = await startOther([fresh]);
    expect(await ask(without)).toBe(401);
    expect(await codeOf(browser)).toBe(200);
  });
});
