import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  CreateUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { totpAt } from './browser-kit.ts';
import { createUser, PASSWORD, type PoolKit, signIn, startKit } from './kit.ts';

let kit: PoolKit;
let now = new Date();
let UserPoolId: string;
let ClientId: string;
beforeAll(async () => {
  kit = await startKit({ clock: () => now });
  ({ UserPoolId, ClientId } = kit);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => setMfa('OPTIONAL'));

const setMfa = (MfaConfiguration: 'OFF' | 'OPTIONAL' | 'ON') =>
  kit.sdk.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration,
      SoftwareTokenMfaConfiguration: { Enabled: MfaConfiguration !== 'OFF' },
    }),
  );
/** Codes are good for a step of thirty seconds; the next step gives the next. */
const nextCode = (secret: string) => {
  now = new Date(now.getTime() + 30_000);
  return totpAt(secret, now);
};
const wrongOf = (code: string) => (code === '000000' ? '000001' : '000000');
const settings = { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } };

const associate = (AccessToken: string) => kit.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }));
const verify = (AccessToken: string, UserCode: string) =>
  kit.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
const start = (USERNAME: string) => {
  const AuthParameters = { USERNAME, PASSWORD };
  return kit.sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }));
};
const respond = (Session: string | undefined, USERNAME: string, SOFTWARE_TOKEN_MFA_CODE: string) =>
  kit.sdk.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      Session,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE },
    }),
  );

/** A user whose app is in use. */
async function enrolled() {
  const { email, sub } = await createUser(kit);
  const { access } = await signIn(kit, email);
  const { SecretCode: secret = '' } = await associate(access);
  await verify(access, nextCode(secret));
  await kit.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken: access, ...settings }));
  return { email, sub, secret, access };
}

describe('Enrolling an app', () => {
  it('gives a key, takes its code and shows the factor once it is preferred', async () => {
    const { email } = await createUser(kit);
    const { access: AccessToken } = await signIn(kit, email);
    const { SecretCode: secret = '' } = await associate(AccessToken);
    expect(secret).toMatch(/^[A-Z2-7]{52}$/);
    expect((await verify(AccessToken, nextCode(secret))).Status).toBe('SUCCESS');
    expect((await start(email)).AuthenticationResult).toBeDefined();
    await kit.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, ...settings }));
    const expected = { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' };
    expect(await kit.sdk.send(new GetUserCommand({ AccessToken }))).toMatchObject(expected);
    expect(await kit.sdk.send(new AdminGetUserCommand({ UserPoolId, Username: email }))).toMatchObject(expected);
  });

  it('refuses a wrong code, and turns nothing on that was not proven', async () => {
    const { email } = await createUser(kit);
    const { access: AccessToken } = await signIn(kit, email);
    const { SecretCode: secret = '' } = await associate(AccessToken);
    await expect(verify(AccessToken, wrongOf(nextCode(secret)))).rejects.toMatchObject({
      name: 'EnableSoftwareTokenMFAException',
    });
    const prefer = kit.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, ...settings }));
    await expect(prefer).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const byAdmin = new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username: email, ...settings });
    await expect(kit.sdk.send(byAdmin)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect((await start(email)).ChallengeName).toBeUndefined();
  });

  it('refuses a code before there is a key', async () => {
    const { email } = await createUser(kit);
    const { access } = await signIn(kit, email);
    await expect(verify(access, '123456')).rejects.toMatchObject({ name: 'SoftwareTokenMFANotFoundException' });
  });

  it('is for who is signed in alone', async () => {
    await expect(associate('made-up')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(kit.sdk.send(new AssociateSoftwareTokenCommand({}))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('is undone by an administrator', async () => {
    const { email: Username } = await enrolled();
    const off = { SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false } };
    await kit.sdk.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username, ...off }));
    expect((await start(Username)).AuthenticationResult).toBeDefined();
    const found = await kit.sdk.send(new AdminGetUserCommand({ UserPoolId, Username }));
    expect(found.UserMFASettingList).toBeUndefined();
  });
});

describe('Signing in with an app', () => {
  it('needs its code, and the tokens do not tell: only acr_values asks for that', async () => {
    const { email, sub, secret } = await enrolled();
    const challenge = await start(email);
    expect(challenge).toMatchObject({
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeParameters: { USER_ID_FOR_SRP: sub },
    });
    expect(challenge.AuthenticationResult).toBeUndefined();
    const { AuthenticationResult } = await respond(challenge.Session, email, nextCode(secret));
    const claims = decodeJwt(AuthenticationResult?.AccessToken ?? '');
    expect([claims.sub, claims['amr'], claims['acr']]).toEqual([sub, undefined, undefined]);
  });

  it('takes a code once, also in another sign-in', async () => {
    const { email, secret } = await enrolled();
    const [first, second] = [await start(email), await start(email)];
    const code = nextCode(secret);
    await expect(respond(first.Session, email, code)).resolves.toBeDefined();
    await expect(respond(second.Session, email, code)).rejects.toMatchObject({
      name: 'ExpiredCodeException',
      message: 'Your software token has already been used once.',
    });
  });

  it('takes no code of an earlier step once a later one was taken', async () => {
    const { email, secret } = await enrolled();
    const earlier = nextCode(secret);
    const later = nextCode(secret);
    await respond((await start(email)).Session, email, later);
    await expect(respond((await start(email)).Session, email, earlier)).rejects.toMatchObject({
      name: 'ExpiredCodeException',
    });
  });

  it('takes a code one step late, and none two steps late', async () => {
    const { email, secret } = await enrolled();
    const late = nextCode(secret);
    now = new Date(now.getTime() + 60_000);
    const { Session } = await start(email);
    await expect(respond(Session, email, late)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    const code = nextCode(secret);
    now = new Date(now.getTime() + 30_000);
    await expect(respond(Session, email, code)).resolves.toBeDefined();
  });

  it('takes no code after three wrong ones, not even the right one', async () => {
    const { email, secret } = await enrolled();
    const { Session } = await start(email);
    const code = nextCode(secret);
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(respond(Session, email, wrongOf(code))).rejects.toMatchObject({
        name: 'CodeMismatchException',
        message: 'Invalid code received for user',
      });
    }
    await expect(respond(Session, email, code)).rejects.toMatchObject({ message: 'Invalid session for the user.' });
  });

  it('takes a code through the app client alone that asked for it', async () => {
    const { email, secret } = await enrolled();
    const { Session } = await start(email);
    const { UserPoolClient } = await kit.sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'other' }));
    const answer = {
      ClientId: UserPoolClient?.ClientId,
      Session,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeResponses: { USERNAME: email, SOFTWARE_TOKEN_MFA_CODE: nextCode(secret) },
    } as const;
    await expect(kit.sdk.send(new RespondToAuthChallengeCommand(answer))).rejects.toMatchObject({
      message: 'Invalid session for the user.',
    });
  });

  it("takes no code of another user's app", async () => {
    const [olivia, adam] = [await enrolled(), await enrolled()];
    const { Session } = await start(olivia.email);
    await expect(respond(Session, adam.email, nextCode(adam.secret))).rejects.toMatchObject({
      name: 'CodeMismatchException',
    });
  });

  it('asks an administrator as well', async () => {
    const { email, secret } = await enrolled();
    const AuthParameters = { USERNAME: email, PASSWORD };
    const AuthFlow = 'ADMIN_USER_PASSWORD_AUTH';
    const { Session, ChallengeName } = await kit.sdk.send(
      new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow, AuthParameters }),
    );
    const ChallengeResponses = { USERNAME: email, SOFTWARE_TOKEN_MFA_CODE: nextCode(secret) };
    const answer = { UserPoolId, ClientId, ChallengeName, Session, ChallengeResponses };
    const finished = await kit.sdk.send(new AdminRespondToAuthChallengeCommand(answer));
    expect(finished.AuthenticationResult?.AccessToken).toBeDefined();
  });
});

describe('A pool', () => {
  it('tells how it is set', async () => {
    for (const mfa of ['OFF', 'ON'] as const) {
      await setMfa(mfa);
      const expected = { MfaConfiguration: mfa, SoftwareTokenMfaConfiguration: { Enabled: mfa !== 'OFF' } };
      expect(await kit.sdk.send(new GetUserPoolMfaConfigCommand({ UserPoolId }))).toMatchObject(expected);
      const { UserPool } = await kit.sdk.send(new DescribeUserPoolCommand({ UserPoolId }));
      expect(UserPool?.MfaConfiguration).toBe(mfa);
    }
  });

  it('that asks for no second factor asks nobody', async () => {
    const { email } = await enrolled();
    await setMfa('OFF');
    expect((await start(email)).AuthenticationResult).toBeDefined();
  });

  it('that insists has everybody enrol on the way in', async () => {
    const { email } = await createUser(kit);
    await setMfa('ON');
    const challenge = await start(email);
    expect(challenge).toMatchObject({
      ChallengeName: 'MFA_SETUP',
      ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    });
    const { SecretCode: secret = '', Session } = await kit.sdk.send(
      new AssociateSoftwareTokenCommand({ Session: challenge.Session }),
    );
    const verified = await kit.sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode: nextCode(secret) }));
    const finish = new RespondToAuthChallengeCommand({
      ClientId,
      Session: verified.Session,
      ChallengeName: 'MFA_SETUP',
      ChallengeResponses: { USERNAME: email },
    });
    expect((await kit.sdk.send(finish)).AuthenticationResult).toBeDefined();
    expect((await start(email)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
  });

  it('that insists lets nobody past the enrolment', async () => {
    const { email } = await createUser(kit);
    await setMfa('ON');
    const finish = (Session: string | undefined) =>
      kit.sdk.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          Session,
          ChallengeName: 'MFA_SETUP',
          ChallengeResponses: { USERNAME: email },
        }),
      );
    await expect(finish((await start(email)).Session)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    const { Session } = await kit.sdk.send(
      new AssociateSoftwareTokenCommand({ Session: (await start(email)).Session }),
    );
    await expect(finish(Session)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('that insists lets an old challenge put no other app in the place of one', async () => {
    const { email } = await createUser(kit);
    await setMfa('ON');
    const begin = async () =>
      kit.sdk.send(new AssociateSoftwareTokenCommand({ Session: (await start(email)).Session }));
    const [thief, owner] = [await begin(), await begin()];
    const prove = ({ Session, SecretCode = '' }: Awaited<ReturnType<typeof begin>>) =>
      kit.sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode: nextCode(SecretCode) }));
    await prove(owner);
    await expect(prove(thief)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    const { Session } = await start(email);
    await expect(respond(Session, email, nextCode(owner.SecretCode ?? ''))).resolves.toBeDefined();
  });
});
