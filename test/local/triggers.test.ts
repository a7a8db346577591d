import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTriggerCall } from '../../local/user-pool/triggers/call-trigger.ts';
import { createUser, freshEmail, newestCode, PASSWORD, type PoolKit, refresh, signIn, startKit } from './kit.ts';
import {
  type ReceivedEvent,
  refusing,
  responding,
  startTriggerReceiver,
  type TriggerReceiver,
  unchanged,
} from './trigger-receiver.ts';

let receiver: TriggerReceiver;
let kit: PoolKit;
beforeAll(async () => {
  receiver = await startTriggerReceiver();
  kit = await startKit({ trigger: receiver.trigger });
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});
beforeEach(() => {
  receiver.answer = unchanged;
  receiver.events.length = 0;
  receiver.webhookIds.length = 0;
});

const signUp = (email: string) =>
  kit.sdk.send(
    new SignUpCommand({
      ClientId: kit.ClientId,
      Username: email,
      Password: PASSWORD,
      ValidationData: [{ Name: 'invitation', Value: 'abc' }],
      ClientMetadata: { from: 'web' },
    }),
  );
const look = (Username: string) => kit.sdk.send(new AdminGetUserCommand({ UserPoolId: kit.UserPoolId, Username }));
const sources = () => receiver.events.map(({ triggerSource }) => triggerSource);
const onlyFor = (source: string, answer: TriggerReceiver['answer']) => (event: ReceivedEvent) =>
  event.triggerSource === source ? answer(event) : unchanged(event);

describe('PreSignUp', () => {
  it('gets the event of the AWS documentation, without a sub', async () => {
    const email = freshEmail();
    const { UserSub } = await signUp(email);
    expect(receiver.events).toEqual([
      {
        version: '1',
        triggerSource: 'PreSignUp_SignUp',
        region: 'eu-central-1',
        userPoolId: kit.UserPoolId,
        userName: UserSub,
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: kit.ClientId },
        request: {
          userAttributes: { email },
          validationData: { invitation: 'abc' },
          clientMetadata: { from: 'web' },
        },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      },
    ]);
  });

  it('stops a sign-up with the sentence of a 422, and creates nobody', async () => {
    const email = freshEmail();
    receiver.answer = refusing(422, { code: 'SIGN_UP_DOMAIN', message: 'Sign up with an address of your company' });
    await expect(signUp(email)).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
      message: 'PreSignUp failed with error Sign up with an address of your company.',
    });
    await expect(look(email)).rejects.toMatchObject({ name: 'UserNotFoundException' });
    expect(receiver.events).toHaveLength(1);
  });

  it('confirms and verifies where it says so, and PostConfirmation follows', async () => {
    const email = freshEmail();
    receiver.answer = onlyFor('PreSignUp_SignUp', responding({ autoConfirmUser: true, autoVerifyEmail: true }));
    expect((await signUp(email)).UserConfirmed).toBe(true);
    expect(sources()).toEqual(['PreSignUp_SignUp', 'PostConfirmation_ConfirmSignUp']);
    expect(kit.pool.mailbox.list(email)).toEqual([]);
    expect((await look(email)).UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' });
  });

  it('confirms nobody whom an administrator creates', async () => {
    const Username = freshEmail();
    receiver.answer = responding({ autoConfirmUser: true, autoVerifyEmail: true });
    const { User } = await kit.sdk.send(new AdminCreateUserCommand({ UserPoolId: kit.UserPoolId, Username }));
    expect(User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    expect(User?.Attributes).not.toContainEqual({ Name: 'email_verified', Value: 'true' });
    expect(sources()).toEqual(['PreSignUp_AdminCreateUser']);
    expect(receiver.events[0]?.callerContext.clientId).toBe('CLIENT_ID_NOT_APPLICABLE');
  });
});

describe('PostConfirmation', () => {
  it('leaves the user confirmed when it fails, and the caller sees the error', async () => {
    const email = freshEmail();
    await signUp(email);
    receiver.answer = refusing(422, { code: 'X', message: 'No room' });
    const ConfirmationCode = newestCode(kit, email);
    await expect(
      kit.sdk.send(new ConfirmSignUpCommand({ ClientId: kit.ClientId, Username: email, ConfirmationCode })),
    ).rejects.toMatchObject({ message: 'PostConfirmation failed with error No room.' });
    expect((await look(email)).UserStatus).toBe('CONFIRMED');
  });

  it('is told of an administrator who confirms, and proves no address by it', async () => {
    const email = freshEmail();
    const { UserSub: sub } = await signUp(email);
    await kit.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: kit.UserPoolId, Username: email }));
    const expected = { sub, email, email_verified: 'false', 'cognito:user_status': 'CONFIRMED' };
    expect(receiver.events.at(-1)?.request['userAttributes']).toEqual(expected);
  });
});

describe('Pre token generation', () => {
  const generating = (details: object) => responding({ claimsAndScopeOverrideDetails: details });

  it('gets a version 2 event with groups and scopes', async () => {
    const { email, sub } = await createUser(kit);
    await signIn(kit, email);
    expect(receiver.events.at(-1)).toMatchObject({
      version: '3',
      triggerSource: 'TokenGeneration_Authentication',
      userName: sub,
      request: {
        userAttributes: { sub, email, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
        groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
        scopes: ['aws.cognito.signin.user.admin'],
      },
    });
  });

  it('puts claims of any JSON, scopes and groups into the tokens', async () => {
    const { email } = await createUser(kit);
    receiver.answer = generating({
      accessTokenGeneration: {
        claimsToAddOrOverride: { tenant_id: 'T1', membership_version: 3, nested: { a: [1, true, null] } },
        scopesToAdd: ['tenantry/members.read'],
      },
      idTokenGeneration: { claimsToAddOrOverride: { tenant_id: 'T1' }, claimsToSuppress: ['email'] },
      groupOverrideDetails: { groupsToOverride: ['Users', 'TenantOwners'] },
    });
    const { access, id } = await signIn(kit, email);
    expect(decodeJwt(access)).toMatchObject({
      tenant_id: 'T1',
      membership_version: 3,
      nested: { a: [1, true, null] },
      scope: 'aws.cognito.signin.user.admin tenantry/members.read',
      'cognito:groups': ['Users', 'TenantOwners'],
    });
    expect(decodeJwt(id)).toMatchObject({ tenant_id: 'T1', 'cognito:groups': ['Users', 'TenantOwners'] });
    expect(decodeJwt(id)).not.toHaveProperty('email');
  });

  it('cannot change what the protocol rests on', async () => {
    const { email, sub } = await createUser(kit);
    const claimsToAddOrOverride = {
      ...{ sub: 'x', iss: 'x', exp: 1, token_use: 'id', client_id: 'x', origin_jti: 'x', username: 'x', aud: 'x' },
      ...{ auth_time: 1, scope: 'x', 'cognito:groups': ['Admins'], 'cognito:username': 'x' },
    };
    const changes = { claimsToAddOrOverride, claimsToSuppress: ['exp', 'origin_jti'] };
    receiver.answer = generating({ accessTokenGeneration: changes, idTokenGeneration: changes });
    const { access, id } = await signIn(kit, email);
    const claims = decodeJwt(access);
    expect(claims).toMatchObject({ sub, iss: kit.pool.issuer, token_use: 'access', client_id: kit.ClientId });
    expect(claims).not.toHaveProperty('cognito:groups');
    expect(claims).not.toHaveProperty('aud');
    expect(Object.values(claims)).not.toContain('x');
    expect(decodeJwt(id)).toMatchObject({ aud: kit.ClientId, token_use: 'id', 'cognito:username': sub });
  });

  it('gets the metadata of GetTokensFromRefreshToken', async () => {
    const { email } = await createUser(kit);
    await refresh(kit, (await signIn(kit, email)).refresh, { tenant_id: 'T2' });
    expect(receiver.events.at(-1)).toMatchObject({
      triggerSource: 'TokenGeneration_RefreshTokens',
      request: { clientMetadata: { tenant_id: 'T2' } },
    });
  });

  it("never gets InitiateAuth's metadata", async () => {
    const { email } = await createUser(kit);
    await kit.sdk.send(
      new InitiateAuthCommand({
        ClientId: kit.ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: email, PASSWORD },
        ClientMetadata: { tenant_id: 'T2' },
      }),
    );
    expect(receiver.events.at(-1)?.request).not.toHaveProperty('clientMetadata');
  });

  it('gives no token to a user disabled while it ran', async () => {
    const { email } = await createUser(kit);
    receiver.answer = async (event) => {
      await kit.sdk.send(new AdminDisableUserCommand({ UserPoolId: kit.UserPoolId, Username: email }));
      return unchanged(event);
    };
    await expect(signIn(kit, email)).rejects.toMatchObject({ message: 'User is disabled.' });
  });

  it('gives no token to a sign-in revoked while it ran', async () => {
    const tokens = await signIn(kit, (await createUser(kit)).email);
    receiver.answer = async (event) => {
      await kit.sdk.send(new RevokeTokenCommand({ ClientId: kit.ClientId, Token: tokens.refresh }));
      return unchanged(event);
    };
    await expect(refresh(kit, tokens.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
  });

  it('gives no token when its answer is not an event', async () => {
    const { email } = await createUser(kit);
    receiver.answer = () => ({ status: 200, body: ['no event'] });
    await expect(signIn(kit, email)).rejects.toMatchObject({ name: 'InvalidLambdaResponseException' });
  });
});

describe('Calling a trigger', () => {
  const event = { triggerSource: 'PreSignUp_SignUp', request: {}, response: {} };
  const call = (url = receiver.trigger.url) =>
    createTriggerCall({ ...receiver.trigger, url }, { deadlineMs: 100, warn: () => {} })('PreSignUp', event);

  it('tries three times in all on 5xx, under one webhook-id', async () => {
    receiver.answer = refusing(503, {});
    await expect(call()).rejects.toMatchObject({
      type: 'UnexpectedLambdaException',
      message: 'PreSignUp invocation failed due to error HTTP 503.',
    });
    expect(receiver.webhookIds).toHaveLength(3);
    expect(new Set(receiver.webhookIds).size).toBe(1);
  });

  it('succeeds when a later attempt does', async () => {
    receiver.answer = (got) => (receiver.events.length < 3 ? { status: 500, body: {} } : unchanged(got));
    await expect(call()).resolves.toEqual(event);
  });

  it('gives up on an attempt that takes too long', async () => {
    receiver.answer = (got) => ({ ...unchanged(got), delayMs: 300 });
    await expect(call()).rejects.toMatchObject({ message: expect.stringContaining('Socket timeout') });
    expect(receiver.events).toHaveLength(3);
  });

  it('does not repeat what the receiver calls wrong', async () => {
    receiver.answer = refusing(401, {});
    await expect(call()).rejects.toMatchObject({ type: 'UnexpectedLambdaException' });
    expect(receiver.events).toHaveLength(1);
  });

  it('tells that nobody listens', async () => {
    await expect(call('http://127.0.0.1:9/')).rejects.toMatchObject({ type: 'UnexpectedLambdaException' });
  });
});
