import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, freshEmail, type PoolKit, signIn, startKit } from './kit.ts';

let kit: PoolKit;
let now = new Date();
beforeAll(async () => {
  kit = await startKit({ clock: () => now });
});
afterAll(() => kit[Symbol.asyncDispose]());

const whoIs = (AccessToken: string) => kit.sdk.send(new GetUserCommand({ AccessToken }));
const verify = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(kit.pool.jwksUri)), { issuer: kit.pool.issuer, currentDate: now });

describe('The tokens of a sign-in', () => {
  it('give the access token exactly the claims Cognito gives it', async () => {
    const { email, sub } = await createUser(kit);
    const { payload } = await verify((await signIn(kit, email)).access);
    const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const seconds = Math.floor(now.getTime() / 1000);
    expect(payload).toEqual({
      sub,
      username: sub,
      iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Tenantry0',
      client_id: kit.ClientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: seconds,
      iat: seconds,
      exp: seconds + 3600,
      jti: uuid,
      origin_jti: uuid,
      event_id: uuid,
    });
  });

  it('give the ID token the address and an audience, under a key of its own', async () => {
    const { email, sub } = await createUser(kit);
    const { access, id } = await signIn(kit, email);
    const { payload } = await verify(id);
    const expected = { sub, 'cognito:username': sub, aud: kit.ClientId, token_use: 'id', email, email_verified: true };
    expect(payload).toMatchObject(expected);
    expect(payload['origin_jti']).toBe(decodeJwt(access)['origin_jti']);
    expect(decodeProtectedHeader(id).kid).not.toBe(decodeProtectedHeader(access).kid);
  });

  it('name the groups in both', async () => {
    const { email } = await createUser(kit);
    const { UserPoolId } = kit;
    await kit.sdk.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: email, GroupName: 'Users' }));
    const { access, id } = await signIn(kit, email);
    expect(decodeJwt(access)['cognito:groups']).toEqual(['Users']);
    expect(decodeJwt(id)['cognito:groups']).toEqual(['Users']);
  });
});

describe('Signing in', () => {
  it('tells an unknown user from a wrong password by nothing', async () => {
    const { email } = await createUser(kit);
    const [wrong, unknown] = await Promise.allSettled([
      signIn(kit, email, 'Wrong-one-1'),
      signIn(kit, freshEmail(), 'Wrong-one-1'),
    ]);
    const refusal = { reason: { name: 'NotAuthorizedException', message: 'Incorrect username or password.' } };
    expect(wrong).toMatchObject(refusal);
    expect(unknown).toMatchObject(refusal);
  });

  it('refuses a disabled user, and ends his sign-ins for good', async () => {
    const { email } = await createUser(kit);
    const { access } = await signIn(kit, email);
    const user = { UserPoolId: kit.UserPoolId, Username: email };
    await kit.sdk.send(new AdminDisableUserCommand(user));
    await expect(signIn(kit, email)).rejects.toMatchObject({ message: 'User is disabled.' });
    await kit.sdk.send(new AdminEnableUserCommand(user));
    await expect(whoIs(access)).rejects.toMatchObject({ message: 'Access Token has been revoked' });
  });
});

describe('An operation of the user', () => {
  it('takes his access token', async () => {
    const { email, sub } = await createUser(kit);
    expect((await whoIs((await signIn(kit, email)).access)).Username).toBe(sub);
  });

  it('refuses his ID token', async () => {
    const { email } = await createUser(kit);
    await expect(whoIs((await signIn(kit, email)).id)).rejects.toMatchObject({ message: 'Invalid Access Token' });
  });

  it('refuses a token after an hour', async () => {
    const { email } = await createUser(kit);
    const { access } = await signIn(kit, email);
    now = new Date(now.getTime() + 3_600_000);
    await expect(whoIs(access)).rejects.toMatchObject({ message: 'Access Token has expired' });
  });

  it('refuses a well-signed token of a sign-in that never was', async () => {
    const { email } = await createUser(kit);
    const claims = decodeJwt((await signIn(kit, email)).access);
    const forged = await kit.pool.signToken({ ...claims, origin_jti: crypto.randomUUID() });
    await expect(whoIs(forged)).rejects.toMatchObject({ message: 'Access Token has been revoked' });
  });

  it('refuses a well-signed token made for another use', async () => {
    const { email } = await createUser(kit);
    const forged = await kit.pool.signToken({ ...decodeJwt((await signIn(kit, email)).access), token_use: 'id' });
    await expect(whoIs(forged)).rejects.toMatchObject({ message: 'Invalid Access Token' });
  });

  it("refuses one user's sign-in under another's name", async () => {
    const [olivia, adam] = await Promise.all([createUser(kit), createUser(kit)]);
    const claims = decodeJwt((await signIn(kit, olivia.email)).access);
    const forged = await kit.pool.signToken({ ...claims, sub: adam.sub, username: adam.sub });
    await expect(whoIs(forged)).rejects.toMatchObject({ message: 'Access Token has been revoked' });
  });
});

describe('rotateKeys', () => {
  it('keeps tokens of the old keys good, and signs with new ones', async () => {
    const { email } = await createUser(kit);
    const before = await signIn(kit, email);
    await kit.pool.rotateKeys();
    const after = await signIn(kit, email);
    expect(decodeProtectedHeader(after.access).kid).not.toBe(decodeProtectedHeader(before.access).kid);
    await expect(verify(before.access)).resolves.toBeDefined();
  });

  it('drops the old keys at once when told to retire them', async () => {
    const { email } = await createUser(kit);
    const before = await signIn(kit, email);
    await kit.pool.rotateKeys({ retire: true });
    await expect(verify(before.access)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });
});

describe('signToken', () => {
  it('puts a real signature under a header no library would sign', async () => {
    const token = await kit.pool.signToken({ exp: 'never' }, { crit: ['unheard-of'], 'unheard-of': 1 });
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', crit: ['unheard-of'] });
  });
});
