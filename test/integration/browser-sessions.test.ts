import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/browser.ts';
import { APP_ORIGIN, type BrowserProduct, startBrowserProduct } from '../support/browser-product.ts';
import { startBeside } from '../support/product.ts';

const MIA = 'mia@acme.test';
const VIEWER = '{ viewer { sub profile { email } } }';
const SESSION = '__Host-session';

let product: BrowserProduct;
let signedIn: Browser;
beforeAll(async () => {
  product = await startBrowserProduct();
  signedIn = openBrowser(product);
  await signedIn.signIn(MIA);
});
afterAll(() => product[Symbol.asyncDispose]());

/** The line that sets the cookie, of the answer to whatever sets it. */
async function beginRaw(search = ''): Promise<{ line: string; location: URL }> {
  const answer = await fetch(`${product.origin}/session/sign-in${search}`, { redirect: 'manual' });
  return { line: answer.headers.getSetCookie().join(), location: new URL(answer.headers.get('location') ?? '') };
}

describe('GET /session/sign-in', () => {
  it('leads to the pool and back, and the cookie is a credential from then on', async () => {
    const { status, body } = await signedIn.query(VIEWER);
    expect([status, body.data.viewer.profile.email]).toEqual([200, MIA]);
  });

  it('asks for a code with PKCE, a state and a nonce (RFC 9700 §2.1.1)', async () => {
    const { searchParams } = (await beginRaw()).location;
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: `${product.origin}/session/callback`,
    });
  });

  it('asks each browser by secrets of its own', async () => {
    const asked = await Promise.all([beginRaw(), beginRaw()]);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(asked.map(({ location }) => location.searchParams.get(name))).size, name).toBe(2);
    }
  });

  it('keeps what the browser must bring back in a cookie that shows nothing of it', async () => {
    const { line, location } = await beginRaw();
    expect(line).toMatch(/^__Host-sign-in-[\w-]{8}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    // Eight characters of the state are the cookie's name.
    expect(line).not.toContain(location.searchParams.get('state'));
    expect(line).not.toContain(location.searchParams.get('nonce'));
  });

  it.each([
    ['?max_age=soon', 'max_age'],
    ['?mfa=maybe', 'mfa'],
    ['?max_age=', 'max_age'],
    ['?max_age=1e3', 'max_age'],
  ])('answers %s with what it takes', async (search, word) => {
    const { status, text } = await openBrowser(product).open(`/session/sign-in${search}`);
    expect([status, text.includes('BAD_USER_INPUT'), text.includes(word)]).toEqual([400, true, true]);
  });
});

describe('where a browser goes afterwards', () => {
  const endOf = async (returnTo: string) => {
    const browser = openBrowser(product);
    return (await browser.signIn(MIA, `?return_to=${encodeURIComponent(returnTo)}`)).url;
  };

  it('is a page of an allowed origin', async () => {
    expect(await endOf(`${APP_ORIGIN}/tasks?open=1#here`)).toBe(`${APP_ORIGIN}/tasks?open=1#here`);
  });

  it('is a path of the server', async () => {
    expect(await endOf('/livez')).toBe(`${product.origin}/livez`);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    'http://localhost:3999@evil.example/',
    'http://user:secret@localhost:3999/',
    'javascript:alert(1)',
    'http://localhost:39990/',
    '\t//evil.example',
    `/${'a'.repeat(2_500)}`,
    `/${'é'.repeat(700)}`,
    'data:text/html,hi',
  ])('is never %j', async (returnTo) => {
    expect(await endOf(returnTo)).toBe(`${product.origin}/session`);
  });
});

describe('the session cookie', () => {
  it('is HttpOnly, Secure, Lax, of this host alone, and gone with the browser', async () => {
    const browser = openBrowser(product);
    await browser.signIn(MIA);
    const { headers } = await browser.post('/session/refresh');
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });

  it('is none the browser had before (session fixation)', async () => {
    const browser = openBrowser(product);
    const planted = 'A'.repeat(43);
    browser.setCookie(SESSION, planted);
    await browser.signIn(MIA);
    expect(browser.cookieOf(SESSION)).not.toBe(planted);
    browser.setCookie(SESSION, planted);
    expect((await browser.query(VIEWER)).status).toBe(401);
  });

  it('changes with each sign-in, and the session before is over', async () => {
    const browser = openBrowser(product);
    await browser.signIn(MIA);
    const before = browser.cookieOf(SESSION) ?? '';
    await browser.open('/session/sign-in');
    expect(browser.cookieOf(SESSION)).not.toBe(before);
    expect((await browser.query(VIEWER)).status).toBe(200);
    browser.setCookie(SESSION, before);
    expect((await browser.query(VIEWER)).status).toBe(401);
  });

  it.each(['', 'A', 'A'.repeat(43), `${'A'.repeat(42)}%`, 'x'.repeat(4_000), "'; drop table browser_sessions --"])(
    'is refused where it is %j, as a bad token is',
    async (value) => {
      const browser = openBrowser(product);
      browser.setCookie(SESSION, value);
      const { status, text } = await browser.query(VIEWER);
      const bad = await product.query('bad', VIEWER);
      expect([status, text]).toEqual([401, bad.text]);
    },
  );

  it('is taken from the browser once it is good for nothing, which then is a stranger like any other', async () => {
    const browser = openBrowser(product);
    browser.setCookie(SESSION, 'A'.repeat(43));
    expect((await browser.query('{ health { status } }')).status).toBe(401);
    expect(browser.cookieOf(SESSION)).toBeUndefined();
    expect((await browser.query('{ health { status } }')).status).toBe(200);
  });

  it('is no credential beside a bearer token', async () => {
    const authorization = `Bearer ${await product.tokenOf(MIA)}`;
    expect((await signedIn.post('/session/refresh', {}, { authorization })).status).toBe(401);
    expect((await signedIn.query(VIEWER, { authorization })).status).toBe(401);
  });

  it('is kept by nobody but the browser: the database has a digest', async () => {
    const browser = openBrowser(product);
    await browser.signIn(MIA);
    const id = browser.cookieOf(SESSION) ?? '';
    const kept = await product.sql<{ hash: string }>('select * from browser_session_ids');
    expect(kept.map(({ hash }) => hash)).toContain(createHash('sha256').update(id).digest('base64url'));
    expect(JSON.stringify(kept)).not.toContain(id);
  });
});

describe('tokens', () => {
  it('are in nothing a browser is given', async () => {
    const browser = openBrowser(product);
    const page = await browser.signIn(MIA);
    const seen = [...page.trail, page.text, JSON.stringify([...page.headers]), browser.cookieOf(SESSION)].join('\n');
    expect(seen).not.toMatch(/eyJ[\w-]{16,}\.|access_token|id_token|refresh_token/);
  });

  it('are kept sealed', async () => {
    const rows = await product.sql<{ tokens: string }>('select tokens from browser_sessions');
    expect(rows.length).toBeGreaterThan(0);
    for (const { tokens } of rows) {
      // JWE, RFC 7516 §3.1: five parts, the second empty where the key is used directly.
      const [header = '', key, , , , ...rest] = tokens.split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'dir', enc: 'A256GCM' });
      expect([key, rest]).toEqual(['', []]);
    }
  });

  it('open in their own row alone', async () => {
    const [one, other] = [openBrowser(product), openBrowser(product)];
    await one.signIn(MIA);
    await other.signIn('olivia@acme.test');
    const hash = (browser: Browser) =>
      createHash('sha256')
        .update(browser.cookieOf(SESSION) ?? '')
        .digest('base64url');
    await product.sql(
      `update browser_sessions s set tokens = theirs.tokens
       from browser_sessions theirs, browser_session_ids mine_id, browser_session_ids their_id
       where mine_id.hash = $1 and s.key = mine_id.session_key and their_id.hash = $2 and theirs.key = their_id.session_key`,
      [hash(one), hash(other)],
    );
    expect((await one.query(VIEWER)).status).toBe(401);
    expect((await other.query(VIEWER)).status).toBe(200);
  });
});

describe('a request with a cookie that a foreign page made the browser send', () => {
  it.each([
    ['without the header', { 'x-csrf-protection': null }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from the origin of a sandboxed page', { origin: 'null' }],
    ['from an origin that only begins alike', { origin: `${APP_ORIGIN}0` }],
    ['without an origin', { origin: null }],
  ])('is FORBIDDEN %s, on every path that takes the cookie', async (_what, headers) => {
    const answers = await Promise.all([
      signedIn.query(VIEWER, headers),
      signedIn.post('/session/refresh', {}, headers),
      signedIn.post('/session/sign-out', {}, headers),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
    }
    expect((await signedIn.query(VIEWER)).status).toBe(200);
  });

  it('is FORBIDDEN by GET, whatever it carries', async () => {
    const cookie = `${SESSION}=${signedIn.cookieOf(SESSION)}`;
    const address = `${product.origin}/graphql?query=${encodeURIComponent(VIEWER)}`;
    const headers = { cookie, origin: APP_ORIGIN, 'x-csrf-protection': '1', 'apollo-require-preflight': '1' };
    const answer = await fetch(address, { headers });
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ]);
  });

  it.each(['/session/refresh', '/session/sign-out'])('does not reach %s by GET', async (path) => {
    expect((await signedIn.open(path)).status).toBe(405);
  });

  it.each(['/session/sign-in', '/session/callback'])('begins nothing at %s by HEAD', async (path) => {
    const { status, headers } = await fetch(`${product.origin}${path}`, { method: 'HEAD', redirect: 'manual' });
    expect([status, headers.getSetCookie()]).toEqual([405, []]);
  });

  it('is not let through by a preflight: foreign origins are told nothing', async () => {
    const preflight = async (origin: string) => {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-csrf-protection',
      };
      const answer = await fetch(`${product.origin}/graphql`, { method: 'OPTIONS', headers });
      return ['origin', 'credentials', 'headers'].map((name) => answer.headers.get(`access-control-allow-${name}`));
    };
    expect(await preflight(APP_ORIGIN)).toEqual([APP_ORIGIN, 'true', expect.stringContaining('x-csrf-protection')]);
    const [origin] = await preflight('https://evil.example');
    expect(origin).toBeNull();
  });
});

describe('GET /session/callback', () => {
  /** As far as the pool's answer, which is not followed. */
  const comeBack = async (browser: Browser) => {
    const page = await browser.open('/session/sign-in');
    const { trail } = await browser.submit(page, { username: MIA, password: 'Tenantry-demo-1' });
    return trail.find((address) => address.includes('/session/callback')) ?? '';
  };
  const refused = [400, 'That sign-in did not work'];
  const outcome = ({ status, text }: { status: number; text: string }) => [
    status,
    /<h1>([^<]*)/.exec(text)?.[1] ?? null,
  ];

  it('takes as many windows as ask at once, in whatever order they are done', async () => {
    const browser = openBrowser(product);
    const [first, second] = [
      await browser.open('/session/sign-in'),
      await browser.open('/session/sign-in?return_to=/livez'),
    ];
    const fields = { username: MIA, password: 'Tenantry-demo-1' };
    expect((await browser.submit(first, fields)).url).toBe(`${product.origin}/session`);
    expect((await browser.submit(second, fields)).url).toBe(`${product.origin}/livez`);
    expect((await browser.query(VIEWER)).status).toBe(200);
  });

  it('keeps a sign-in that is under way, whatever else comes back meanwhile', async () => {
    const browser = openBrowser(product);
    const page = await browser.open('/session/sign-in');
    await browser.open('/session/callback?code=x&state=y');
    expect((await browser.submit(page, { username: MIA, password: 'Tenantry-demo-1' })).status).toBe(200);
    expect((await browser.query(VIEWER)).status).toBe(200);
  });

  it('is not sent an image or a script for (Fetch Metadata)', async () => {
    for (const destination of ['image', 'script', 'iframe', 'empty']) {
      for (const path of ['/session/sign-in', '/session/callback?code=x&state=y']) {
        const answer = await fetch(`${product.origin}${path}`, {
          headers: { 'sec-fetch-dest': destination },
          redirect: 'manual',
        });
        expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
      }
    }
  });

  it('takes a code once', async () => {
    const browser = openBrowser(product);
    const address = await comeBack(browser);
    expect(outcome(await browser.open(address))).toEqual(refused);
  });

  it('takes no code of another browser (login CSRF)', async () => {
    const [attacker, victim] = [openBrowser(product), openBrowser(product)];
    await victim.open('/session/sign-in');
    const { location } = await beginRaw();
    expect(outcome(await victim.open(await comeBack(attacker)))).toEqual(refused);
    expect(victim.cookieOf(SESSION)).toBeUndefined();
    expect(location.searchParams.get('state')).not.toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['a code without a state', '?code=abc'],
    ['a wrong state', '?code=abc&state=abc'],
    ['two states', '?code=abc&state=abc&state=abc'],
    ['a refusal', '?error=access_denied&state=abc'],
    ['markup', '?error=%3Cscript%3Ealert(1)%3C/script%3E&state=abc'],
  ])('answers %s with a page that says what to do, and no cookie', async (_what, search) => {
    const browser = openBrowser(product);
    await browser.open('/session/sign-in');
    const page = await browser.open(`/session/callback${search}`);
    expect(outcome(page)).toEqual(refused);
    expect(page.text).toContain('/session/sign-in');
    expect(page.text).not.toContain('script');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(browser.cookieOf(SESSION)).toBeUndefined();
  });

  it('takes a sign-in cookie that was sealed elsewhere for none', async () => {
    const browser = openBrowser(product);
    const page = await browser.open('/session/sign-in');
    const [[name, sealed] = ['', '']] = browser.cookies().filter(([name]) => name.startsWith('__Host-sign-in-'));
    browser.setCookie(name, `${sealed.slice(0, -4)}AAAA`);
    const back = await browser.submit(page, { username: MIA, password: 'Tenantry-demo-1' });
    expect(outcome(back)).toEqual(refused);
  });
});

describe('GET /session', () => {
  it('tells a page whether its browser is signed in, and nothing else', async () => {
    expect(JSON.parse((await signedIn.open('/session')).text)).toEqual({
      isSignedIn: true,
      authenticatedAt: expect.any(String),
      endsAt: expect.any(String),
    });
    expect(JSON.parse((await openBrowser(product).open('/session')).text)).toEqual({ isSignedIn: false });
  });
});

describe('a product without sessions for browsers', () => {
  it('takes no cookie for anything, and has no such path', async () => {
    await using plain = await startBeside(product, { app: { browserSessions: null } });
    const headers = { cookie: `${SESSION}=${signedIn.cookieOf(SESSION)}` };
    expect((await plain.query(null, '{ health { status } }', {}, headers)).status).toBe(200);
    expect((await fetch(`${plain.url}/session/sign-in`)).status).toBe(404);
  });
});
