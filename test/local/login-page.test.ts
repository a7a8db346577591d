import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizePath, CALLBACK, codeOf, csrfOf, errorOf, openBrowser, sentenceOf } from './browser-kit.ts';
import { createUser, freshEmail, newestCode, PASSWORD, type PoolKit, signIn, startKit } from './kit.ts';

let kit: PoolKit;
let now = new Date();
beforeAll(async () => {
  kit = await startKit({ clock: () => now, callbackUrls: [CALLBACK] });
});
afterAll(() => kit[Symbol.asyncDispose]());

async function openForm() {
  const browser = openBrowser(kit);
  return { browser, form: await browser.get(authorizePath(kit)) };
}

describe('The form', () => {
  it('needs no script, allows none and lets nobody frame it', async () => {
    const answer = await fetch(`${kit.pool.endpoint}${authorizePath(kit)}`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await answer.text()).not.toContain('<script');
  });

  it('stays with the address after a wrong password, and says no more than for a stranger', async () => {
    const { email } = await createUser(kit);
    const { browser, form } = await openForm();
    const wrong = await browser.submit(form, { username: email, password: 'Wrong-one-1' });
    expect(wrong.text).toContain(`value="${email}"`);
    const unknown = await browser.submit(wrong, { username: freshEmail(), password: 'Wrong-one-1' });
    expect([wrong, unknown].map(sentenceOf)).toEqual(Array(2).fill('Incorrect username or password.'));
    expect(codeOf(await browser.submit(unknown, { username: email, password: PASSWORD }))).not.toBe('');
  });

  it('escapes what was entered', async () => {
    const { browser, form } = await openForm();
    const page = await browser.submit(form, { username: '"><script>alert(1)</script>', password: 'x' });
    expect(page.text).not.toContain('<script');
  });

  it('asks for a new password where the first was mailed', async () => {
    const Username = freshEmail();
    await kit.sdk.send(new AdminCreateUserCommand({ UserPoolId: kit.UserPoolId, Username }));
    const { browser, form } = await openForm();
    const next = await browser.submit(form, { username: Username, password: newestCode(kit, Username) });
    const weak = await browser.submit(next, { new_password: 'short' });
    expect(sentenceOf(weak)).toContain('Password did not conform with policy');
    expect(codeOf(await browser.submit(weak, { new_password: PASSWORD }))).not.toBe('');
    expect((await signIn(kit, Username)).access).not.toBe('');
  });

  it('cannot be made to skip a step', async () => {
    const { email: Username } = await createUser(kit);
    const { UserPoolId } = kit;
    await kit.sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: false }));
    const { browser, form } = await openForm();
    const early = await browser.submit(form, { new_password: 'Another-one-2', code: '000000' });
    expect(sentenceOf(early)).toBe('Incorrect username or password.');
    const next = await browser.submit(early, { username: Username, password: PASSWORD });
    expect(next.text).toContain('name="new_password"');
    expect(sentenceOf(await browser.submit(next, { username: Username, password: PASSWORD }))).toContain('policy');
  });

  it('lets no disabled and no unconfirmed user in, and tells only who knows the password', async () => {
    const { email } = await createUser(kit);
    await kit.sdk.send(new AdminDisableUserCommand({ UserPoolId: kit.UserPoolId, Username: email }));
    const unconfirmed = freshEmail();
    await kit.sdk.send(new SignUpCommand({ ClientId: kit.ClientId, Username: unconfirmed, Password: PASSWORD }));
    const { browser, form } = await openForm();
    const enter = async (username: string, password: string) =>
      sentenceOf(await browser.submit(form, { username, password }));
    expect(await enter(email, PASSWORD)).toBe('User is disabled.');
    expect(await enter(unconfirmed, PASSWORD)).toBe('User is not confirmed.');
    expect(await enter(email, 'Wrong-one-1')).toBe('Incorrect username or password.');
  });

  type NamedUser = { readonly UserPoolId: string; readonly Username: string };
  it.each<[string, (user: NamedUser) => Promise<unknown>]>([
    ['disabled', (user) => kit.sdk.send(new AdminDisableUserCommand(user))],
    ['deleted', (user) => kit.sdk.send(new AdminDeleteUserCommand(user))],
  ])('signs a browser out whose user is %s', async (_, end) => {
    const { email } = await createUser(kit);
    const { browser, form } = await openForm();
    await browser.submit(form, { username: email, password: PASSWORD });
    await end({ UserPoolId: kit.UserPoolId, Username: email });
    expect(errorOf(await browser.get(authorizePath(kit, { prompt: 'none' })))).toBe('login_required');
  });
});

describe('The token in the form', () => {
  it('is good in the browser it was shown to alone', async () => {
    const { email } = await createUser(kit);
    const { form } = await openForm();
    const victim = openBrowser(kit);
    const fields = { username: email, password: PASSWORD };
    expect(await victim.submit(form, fields)).toMatchObject({ status: 400, location: null });
    await victim.get(authorizePath(kit));
    expect(await victim.submit(form, fields)).toMatchObject({ status: 400, location: null });
    expect(victim.cookies.has('cognito')).toBe(false);
  });

  it('is needed', async () => {
    const { email } = await createUser(kit);
    const { browser, form } = await openForm();
    const fields = { username: email, password: PASSWORD, _csrf: '' };
    expect(await browser.submit(form, fields)).toMatchObject({ status: 400, location: null });
  });

  it('is good once, and for ten minutes', async () => {
    const { email } = await createUser(kit);
    const fields = { username: email, password: PASSWORD };
    const first = await openForm();
    expect(codeOf(await first.browser.submit(first.form, fields))).not.toBe('');
    expect((await first.browser.submit(first.form, fields)).status).toBe(400);
    const second = await openForm();
    now = new Date(now.getTime() + 600_000);
    expect((await second.browser.submit(second.form, fields)).status).toBe(400);
  });

  it('serves several tabs of one browser', async () => {
    const { email } = await createUser(kit);
    const { browser, form } = await openForm();
    expect(csrfOf(await browser.get(authorizePath(kit, { state: 'tab two' })))).not.toBe(csrfOf(form));
    expect(codeOf(await browser.submit(form, { username: email, password: PASSWORD }))).not.toBe('');
  });

  it('is wanted of a form alone', async () => {
    const body = JSON.stringify({ _csrf: 'x' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${kit.pool.endpoint}/login`, { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
  });
});
