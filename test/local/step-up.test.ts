import { SetUserPoolMfaConfigCommand } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authorizePath,
  type Browser,
  CALLBACK,
  codeOf,
  errorOf,
  openBrowser,
  type Page,
  postForm,
  redeem,
  sentenceOf,
  totpAt,
} from './browser-kit.ts';
import { createUser, PASSWORD, type PoolKit, startKit } from './kit.ts';

const MFA = 'urn:cognito:loa:4';
const PASSWORD_ONLY = 'urn:cognito:loa:1';

let kit: PoolKit;
let now = new Date();
beforeAll(async () => {
  kit = await startKit({ clock: () => now, callbackUrls: [CALLBACK] });
});
afterAll(() => kit[Symbol.asyncDispose]());

const secretOf = ({ text }: Page) => /<code>([A-Z2-7]{52})<\/code>/.exec(text)?.[1] ?? '';
const nextCode = (secret: string) => {
  now = new Date(now.getTime() + 30_000);
  return totpAt(secret, now);
};
const wrongOf = (code: string) => (code === '000000' ? '000001' : '000000');
const stepUp = (browser: Browser, change: Record<string, string> = {}) =>
  browser.get(authorizePath(kit, { acr_values: MFA, ...change }));
async function claimsOf(page: Page) {
  const { body } = await redeem(kit, codeOf(page));
  return { access: decodeJwt(body.access_token ?? ''), id: decodeJwt(body.id_token ?? ''), body };
}

/** A browser signed in by password alone. */
async function signedIn() {
  const { email } = await createUser(kit);
  const browser = openBrowser(kit);
  const done = await browser.submit(await browser.get(authorizePath(kit)), { username: email, password: PASSWORD });
  return { browser, email, done };
}

/** A user with an app, and a browser that showed it at the last sign-in. */
async function enrolled() {
  const { browser, email } = await signedIn();
  const form = await stepUp(browser);
  const secret = secretOf(form);
  const done = await browser.submit(form, { code: nextCode(secret) });
  return { browser, email, secret, done };
}

describe('acr_values for a second factor', () => {
  it('leads a user without an app through enrolment, and both tokens tell', async () => {
    const { browser, email } = await signedIn();
    const form = await stepUp(browser);
    expect(form.text).toContain(`otpauth://totp/tenantry-local:${encodeURIComponent(email)}`);
    const done = await browser.submit(form, { code: nextCode(secretOf(form)) });
    const { access, id } = await claimsOf(done);
    const proven = { acr: MFA, amr: ['pwd', 'otp', 'mfa'] };
    expect(access).toMatchObject(proven);
    expect(id).toMatchObject(proven);
  });

  it('asks a browser that is signed in for the code alone, and keeps the time of the password', async () => {
    const { email, secret } = await enrolled();
    const browser = openBrowser(kit);
    const first = await browser.get(authorizePath(kit));
    const second = await browser.submit(first, { username: email, password: PASSWORD });
    const entered = Math.floor(now.getTime() / 1000);
    expect(second.text).not.toContain('name="password"');
    const { id } = await claimsOf(await browser.submit(second, { code: nextCode(secret) }));
    expect([id['auth_time'], id['amr']]).toEqual([entered, undefined]);
    expect(codeOf(await stepUp(browser))).not.toBe('');
  });

  it('is not met by a sign-in with a password alone', async () => {
    const { browser } = await signedIn();
    expect(codeOf(await browser.get(authorizePath(kit)))).not.toBe('');
    expect(errorOf(await stepUp(browser, { prompt: 'none' }))).toBe('login_required');
    const form = await stepUp(browser);
    const { secret, wrong } = { secret: secretOf(form), wrong: await browser.submit(form, { code: '' }) };
    expect(sentenceOf(wrong)).toBe('Invalid code received for user');
    expect(secretOf(wrong)).toBe(secret);
    expect(errorOf(await stepUp(browser, { prompt: 'none' }))).toBe('login_required');
  });

  it('takes a code once', async () => {
    const { email, secret } = await enrolled();
    const browser = openBrowser(kit);
    const form = await browser.submit(await stepUp(browser), { username: email, password: PASSWORD });
    const again = await browser.submit(form, { code: totpAt(secret, now) });
    expect(sentenceOf(again)).toBe('Your software token has already been used once.');
    expect(codeOf(await browser.submit(again, { code: nextCode(secret) }))).not.toBe('');
  });

  it('begins anew after three wrong codes', async () => {
    const { email, secret } = await enrolled();
    const browser = openBrowser(kit);
    let page = await browser.submit(await stepUp(browser), { username: email, password: PASSWORD });
    for (let tries = 0; tries < 3; tries += 1) page = await browser.submit(page, { code: wrongOf(nextCode(secret)) });
    expect(page.text).toContain('name="password"');
    expect(codeOf(await browser.submit(page, { code: nextCode(secret) }))).toBe('');
  });

  it('puts no other app in the place of one that was enrolled meanwhile', async () => {
    const { email } = await createUser(kit);
    const begin = async () => {
      const browser = openBrowser(kit);
      return { browser, form: await browser.submit(await stepUp(browser), { username: email, password: PASSWORD }) };
    };
    const [thief, owner] = [await begin(), await begin()];
    expect(codeOf(await owner.browser.submit(owner.form, { code: nextCode(secretOf(owner.form)) }))).not.toBe('');
    const refused = await thief.browser.submit(thief.form, { code: nextCode(secretOf(thief.form)) });
    expect([codeOf(refused), secretOf(refused)]).toEqual(['', '']);
    const stolen = await thief.browser.submit(refused, { code: nextCode(secretOf(thief.form)) });
    expect(sentenceOf(stolen)).toBe('Invalid code received for user');
  });
});

describe('acr_values', () => {
  it('with a password among the levels are met by it, and the tokens say so', async () => {
    const { browser } = await signedIn();
    const { access } = await claimsOf(await stepUp(browser, { acr_values: `${MFA} ${PASSWORD_ONLY}` }));
    expect(access).toMatchObject({ acr: PASSWORD_ONLY, amr: ['pwd'] });
  });

  it('leave the unknown out', async () => {
    const { browser } = await signedIn();
    const { access } = await claimsOf(await stepUp(browser, { acr_values: `urn:acme:gold ${PASSWORD_ONLY}` }));
    expect(access['acr']).toBe(PASSWORD_ONLY);
  });

  it('left out leave the claims out, after a second factor too', async () => {
    const { browser } = await enrolled();
    const { access, id } = await claimsOf(await browser.get(authorizePath(kit)));
    expect([access['amr'], id['amr'], access['acr']]).toEqual([undefined, undefined, undefined]);
  });

  it('hold through a refresh', async () => {
    const { body } = await claimsOf((await enrolled()).done);
    const form = { grant_type: 'refresh_token', client_id: kit.ClientId, refresh_token: body.refresh_token ?? '' };
    const refreshed = await postForm(kit, '/oauth2/token', form);
    expect(decodeJwt(refreshed.body.access_token ?? '')).toMatchObject({ acr: MFA, amr: ['pwd', 'otp', 'mfa'] });
  });
});

describe('A pool', () => {
  const setMfa = (MfaConfiguration: 'OFF' | 'OPTIONAL' | 'ON') =>
    kit.sdk.send(new SetUserPoolMfaConfigCommand({ UserPoolId: kit.UserPoolId, MfaConfiguration }));

  it('without a second factor sends the wish for one back', async () => {
    const { browser } = await signedIn();
    await setMfa('OFF');
    expect(errorOf(await stepUp(browser))).toBe('unmet_authentication_requirements');
    await setMfa('OPTIONAL');
  });

  it('that insists has everybody enrol', async () => {
    await setMfa('ON');
    const { browser, done } = await signedIn();
    expect(codeOf(await browser.submit(done, { code: nextCode(secretOf(done)) }))).not.toBe('');
    await setMfa('OPTIONAL');
  });
});
