import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Amplify } from 'aws-amplify';
import {
  confirmResetPassword,
  confirmSignIn,
  fetchAuthSession,
  resetPassword,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { sharedInMemoryStorage } from 'aws-amplify/utils';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createUser, freshEmail, newestCode, PASSWORD, type PoolKit, refresh, startKit } from './kit.ts';

const SIGNED_IN = { isSignedIn: true, nextStep: { signInStep: 'DONE' } };
const NEXT_STEP_MS = 30_000;

let kit: PoolKit;
beforeAll(async () => {
  kit = await startKit();
  const { ClientId: userPoolClientId, UserPoolId: userPoolId, pool } = kit;
  Amplify.configure({ Auth: { Cognito: { userPoolClientId, userPoolId, userPoolEndpoint: pool.endpoint } } });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(sharedInMemoryStorage);
});
beforeEach(() => signOut());
afterAll(() => kit[Symbol.asyncDispose]());

// Without `options` Amplify signs in by USER_SRP_AUTH: the password never leaves it.
const signInBySrp = (username: string, password = PASSWORD) => signIn({ username, password });
// Where SRP is not what the test is about: its arithmetic takes Amplify longer than all else here.
const signInByPassword = (username: string) =>
  signIn({ username, password: PASSWORD, options: { authFlowType: 'USER_PASSWORD_AUTH' } });

/** A code is good once, so the next one is taken a step ahead, which the pool's window allows. */
const codeOf = (secret: string, aheadMs = 0) =>
  TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: Date.now() + aheadMs });

async function enrol(): Promise<string> {
  const { sharedSecret } = await setUpTOTP();
  await verifyTOTPSetup({ code: codeOf(sharedSecret) });
  await updateMFAPreference({ totp: 'PREFERRED' });
  return sharedSecret;
}

describe('aws-amplify v6 as it comes from npm', () => {
  it('signs in by SRP', async () => {
    const { email, sub } = await createUser(kit);
    expect(await signInBySrp(email)).toEqual(SIGNED_IN);
    expect((await fetchAuthSession()).userSub).toBe(sub);
  });

  it('is refused a wrong password and an unknown user in the same words', async () => {
    const { email } = await createUser(kit);
    const refusal = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
    await expect(signInBySrp(email, 'Wrong-horse-1')).rejects.toMatchObject(refusal);
    await expect(signInBySrp(freshEmail())).rejects.toMatchObject(refusal);
  });

  it('enrols an authenticator app, and is then asked for its code', async () => {
    const { email } = await createUser(kit);
    await signInByPassword(email);
    const secret = await enrol();
    await signOut();
    expect(await signInBySrp(email)).toMatchObject({ nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' } });
    await expect(confirmSignIn({ challengeResponse: '000000' })).rejects.toMatchObject({
      name: 'CodeMismatchException',
    });
    expect(await confirmSignIn({ challengeResponse: codeOf(secret, NEXT_STEP_MS) })).toEqual(SIGNED_IN);
    const Username = email;
    const user = await kit.sdk.send(new AdminGetUserCommand({ UserPoolId: kit.UserPoolId, Username }));
    expect(user).toMatchObject({
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
    });
  });

  it('is refused the code it enrolled with', async () => {
    const { email } = await createUser(kit);
    await signInByPassword(email);
    const { sharedSecret } = await setUpTOTP();
    const code = codeOf(sharedSecret);
    await verifyTOTPSetup({ code });
    await updateMFAPreference({ totp: 'ENABLED' });
    await signOut();
    await signInBySrp(email);
    await expect(confirmSignIn({ challengeResponse: code })).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('cannot turn on an app that has shown no code', async () => {
    const { email } = await createUser(kit);
    await signInByPassword(email);
    const { sharedSecret } = await setUpTOTP();
    const wrong = String((Number(codeOf(sharedSecret)) + 1) % 1_000_000).padStart(6, '0');
    await expect(verifyTOTPSetup({ code: wrong })).rejects.toMatchObject({ name: 'EnableSoftwareTokenMFAException' });
    await expect(updateMFAPreference({ totp: 'ENABLED' })).rejects.toMatchObject({
      message: 'User has not set up software token mfa',
    });
  });

  it('sets a new password in place of a temporary one', async () => {
    const email = freshEmail();
    await kit.sdk.send(
      new AdminCreateUserCommand({
        UserPoolId: kit.UserPoolId,
        Username: email,
        TemporaryPassword: 'Temporary-1',
        MessageAction: 'SUPPRESS',
      }),
    );
    expect(await signInBySrp(email, 'Temporary-1')).toMatchObject({
      nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED' },
    });
    expect(await confirmSignIn({ challengeResponse: PASSWORD })).toEqual(SIGNED_IN);
    await signOut();
    expect(await signInBySrp(email)).toEqual(SIGNED_IN);
  });

  it('resets a forgotten password by the mailed code', async () => {
    const { email } = await createUser(kit);
    await resetPassword({ username: email });
    const confirmationCode = newestCode(kit, email);
    await confirmResetPassword({ username: email, newPassword: 'Another-horse-1', confirmationCode });
    await expect(signInBySrp(email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect(await signInBySrp(email, 'Another-horse-1')).toEqual(SIGNED_IN);
  });

  it('refreshes its tokens within the same sign-in', async () => {
    const { email } = await createUser(kit);
    await signInByPassword(email);
    const before = (await fetchAuthSession()).tokens?.accessToken.payload;
    const after = (await fetchAuthSession({ forceRefresh: true })).tokens?.accessToken.payload;
    expect(after?.jti).not.toBe(before?.jti);
    expect(after?.['origin_jti']).toBe(before?.['origin_jti']);
  });

  it('signs out everywhere', async () => {
    const { email } = await createUser(kit);
    await signInByPassword(email);
    const { refreshToken = '' } = (await cognitoUserPoolsTokenProvider.authTokenStore.loadTokens()) ?? {};
    await signOut({ global: true });
    await expect(refresh(kit, refreshToken)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
  });

  it('is refused for a disabled user', async () => {
    const { email: Username } = await createUser(kit);
    await kit.sdk.send(new AdminDisableUserCommand({ UserPoolId: kit.UserPoolId, Username }));
    await expect(signInBySrp(Username)).rejects.toMatchObject({ message: 'User is disabled.' });
  });
});
