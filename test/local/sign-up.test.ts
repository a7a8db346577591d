import {
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, freshEmail, newestCode, PASSWORD, type PoolKit, signIn, startKit } from './kit.ts';

let kit: PoolKit;
let now = new Date();
beforeAll(async () => {
  kit = await startKit({ clock: () => now });
});
afterAll(() => kit[Symbol.asyncDispose]());

const signUp = (email: string, more: object = {}) =>
  kit.sdk.send(new SignUpCommand({ ClientId: kit.ClientId, Username: email, Password: PASSWORD, ...more }));
const confirm = (email: string, ConfirmationCode: string) =>
  kit.sdk.send(new ConfirmSignUpCommand({ ClientId: kit.ClientId, Username: email, ConfirmationCode }));
const wrongOf = (code: string) => (code === '000000' ? '000001' : '000000');

describe('SignUp', () => {
  it('mails a six-digit code and confirms with it', async () => {
    const email = freshEmail();
    const answer = await signUp(email);
    expect(answer.UserConfirmed).toBe(false);
    expect(answer.CodeDeliveryDetails?.Destination).toBe('u***@a***');
    expect(newestCode(kit, email)).toMatch(/^\d{6}$/);
    await confirm(email, newestCode(kit, email));
    expect((await signIn(kit, email)).access).not.toBe('');
  });

  it('refuses an address that is taken, in any case of letters', async () => {
    const { email } = await createUser(kit);
    await expect(signUp(email.toUpperCase())).rejects.toMatchObject({
      name: 'UsernameExistsException',
      message: 'An account with the given email already exists.',
    });
  });

  it('gives an address to one of two who ask at the same time', async () => {
    const email = freshEmail();
    const outcomes = await Promise.allSettled([signUp(email), signUp(email)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('refuses a username that is no e-mail address', async () => {
    await expect(signUp('olivia')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Username should be an email.',
    });
  });

  it.each([
    ['Abc-12', 'Password not long enough'],
    ['ABCDEFG1', 'Password must have lowercase characters'],
    ['abcdefg1', 'Password must have uppercase characters'],
    ['Abcdefgh', 'Password must have numeric characters'],
  ])('refuses the password %s', async (Password, rule) => {
    await expect(signUp(freshEmail(), { Password })).rejects.toMatchObject({
      name: 'InvalidPasswordException',
      message: `Password did not conform with policy: ${rule}`,
    });
  });

  it('lets nobody write custom:tenant_id about himself', async () => {
    const UserAttributes = [{ Name: 'custom:tenant_id', Value: 'acme' }];
    await expect(signUp(freshEmail(), { UserAttributes })).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});

describe('ConfirmSignUp', () => {
  it('keeps an unconfirmed user from signing in, and tells only who knows the password', async () => {
    const email = freshEmail();
    await signUp(email);
    await expect(signIn(kit, email)).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
    await expect(signIn(kit, email, 'Wrong-one-1')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('takes no code after three wrong ones, not even the right one', async () => {
    const email = freshEmail();
    await signUp(email);
    const code = newestCode(kit, email);
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(confirm(email, wrongOf(code))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    await expect(confirm(email, code)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('takes a code that was sent again, and no longer the first', async () => {
    const email = freshEmail();
    await signUp(email);
    const first = newestCode(kit, email);
    await kit.sdk.send(new ResendConfirmationCodeCommand({ ClientId: kit.ClientId, Username: email }));
    const second = newestCode(kit, email);
    if (first !== second) await expect(confirm(email, first)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await expect(confirm(email, second)).resolves.toBeDefined();
  });

  it('refuses a code after 24 hours', async () => {
    const email = freshEmail();
    await signUp(email);
    now = new Date(now.getTime() + 24 * 3_600_000);
    await expect(confirm(email, newestCode(kit, email))).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('refuses to confirm twice', async () => {
    const { email } = await createUser(kit);
    await expect(confirm(email, '123456')).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'User cannot be confirmed. Current status is CONFIRMED',
    });
  });
});

describe('ForgotPassword', () => {
  const forget = (Username: string) => kit.sdk.send(new ForgotPasswordCommand({ ClientId: kit.ClientId, Username }));
  const reset = (Username: string, ConfirmationCode: string, Password: string) =>
    kit.sdk.send(new ConfirmForgotPasswordCommand({ ClientId: kit.ClientId, Username, ConfirmationCode, Password }));

  it('replaces the password by a code', async () => {
    const { email } = await createUser(kit);
    await forget(email);
    await reset(email, newestCode(kit, email), 'Another-one-2');
    await expect(signIn(kit, email)).rejects.toMatchObject({ message: 'Incorrect username or password.' });
    expect((await signIn(kit, email, 'Another-one-2')).access).not.toBe('');
  });

  it('spends the code', async () => {
    const { email } = await createUser(kit);
    await forget(email);
    const code = newestCode(kit, email);
    await reset(email, code, 'Another-one-2');
    await expect(reset(email, code, 'Another-one-3')).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('answers for an unknown address as for a known one, and mails nothing', async () => {
    const email = freshEmail();
    expect((await forget(email)).CodeDeliveryDetails?.Destination).toBe('u***@a***');
    expect(kit.pool.mailbox.list(email)).toEqual([]);
    await expect(reset(email, '123456', PASSWORD)).rejects.toMatchObject({ name: 'CodeMismatchException' });
  });

  it('refuses where the address was never proven', async () => {
    const email = freshEmail();
    await signUp(email);
    await expect(forget(email)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
