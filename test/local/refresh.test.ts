import {
  AdminUserGlobalSignOutCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postForm } from './browser-kit.ts';
import { createUser, type PoolKit, refresh, signIn, startKit } from './kit.ts';

let kit: PoolKit;
let rotating: PoolKit;
let now = new Date();
beforeAll(async () => {
  [kit, rotating] = await Promise.all([
    startKit({ clock: () => now }),
    startKit({ clock: () => now, refreshRotation: true }),
  ]);
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await rotating[Symbol.asyncDispose]();
});

const refreshByFlow = ({ sdk, ClientId }: PoolKit, REFRESH_TOKEN: string) =>
  sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }));
const signInNew = async (on = kit) => signIn(on, (await createUser(on)).email);

describe('A refresh', () => {
  it('keeps origin_jti and auth_time, and gives a new jti', async () => {
    const first = await signInNew();
    now = new Date(now.getTime() + 60_000);
    const [before, after] = [first, await refresh(kit, first.refresh)].map(({ access }) => decodeJwt(access));
    expect(after?.['origin_jti']).toBe(before?.['origin_jti']);
    expect(after?.['auth_time']).toBe(before?.['auth_time']);
    expect(after?.jti).not.toBe(before?.jti);
    expect(after?.iat).toBe((before?.iat ?? 0) + 60);
  });

  it('hands out no new refresh token without rotation', async () => {
    const first = await signInNew();
    expect((await refresh(kit, first.refresh)).refresh).toBe('');
    expect((await refreshByFlow(kit, first.refresh)).AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('refuses a made-up token', async () => {
    await expect(refresh(kit, 'x'.repeat(40))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Invalid Refresh Token',
    });
  });

  it('refuses a made-up token in the name of a real sign-in', async () => {
    const first = await signInNew();
    const originJti = String(decodeJwt(first.access)['origin_jti']);
    const forged = Buffer.from(`${originJti}:guess`).toString('base64url');
    await expect(refresh(kit, forged)).rejects.toMatchObject({ message: 'Invalid Refresh Token' });
  });

  it('refuses after 30 days', async () => {
    const first = await signInNew();
    now = new Date(now.getTime() + 30 * 86_400_000);
    await expect(refresh(kit, first.refresh)).rejects.toMatchObject({ message: 'Refresh Token has expired' });
  });
});

describe('With rotation', () => {
  it('gives a new refresh token and refuses the old one', async () => {
    const first = await signInNew(rotating);
    const second = await refresh(rotating, first.refresh);
    await expect(refresh(rotating, first.refresh)).rejects.toMatchObject({ name: 'RefreshTokenReuseException' });
    expect((await refresh(rotating, second.refresh)).refresh).not.toBe('');
  });

  it('gives a token to one of two who rotate at the same time', async () => {
    const first = await signInNew(rotating);
    const outcomes = await Promise.allSettled([refresh(rotating, first.refresh), refresh(rotating, first.refresh)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('refuses REFRESH_TOKEN_AUTH', async () => {
    const first = await signInNew(rotating);
    await expect(refreshByFlow(rotating, first.refresh)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('ends the sign-in by any of its refresh tokens, old or new', async () => {
    const first = await signInNew(rotating);
    const second = await refresh(rotating, first.refresh);
    const { sdk, ClientId } = rotating;
    await sdk.send(new RevokeTokenCommand({ ClientId, Token: first.refresh }));
    await expect(refresh(rotating, second.refresh)).rejects.toMatchObject({
      message: 'Refresh Token has been revoked',
    });
  });
});

describe('A grace period', () => {
  const GRACE_SECONDS = 10;
  let lenient: PoolKit;
  beforeAll(async () => {
    lenient = await startKit({ clock: () => now, refreshRotation: true, refreshGraceSeconds: GRACE_SECONDS });
  });
  afterAll(() => lenient[Symbol.asyncDispose]());
  const wait = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1_000);
  };

  it('lets the old token work until it is over, and every token it gave beyond', async () => {
    const first = await signInNew(lenient);
    const second = await refresh(lenient, first.refresh);
    wait(GRACE_SECONDS - 1);
    const retried = await refresh(lenient, first.refresh);
    expect(new Set([first.refresh, second.refresh, retried.refresh]).size).toBe(3);
    wait(1);
    await expect(refresh(lenient, first.refresh)).rejects.toMatchObject({ name: 'RefreshTokenReuseException' });
    for (const { refresh: token } of [second, retried]) {
      expect((await refresh(lenient, token)).refresh).not.toBe('');
    }
  });

  it('is not lengthened by a retry', async () => {
    const first = await signInNew(lenient);
    await refresh(lenient, first.refresh);
    wait(GRACE_SECONDS / 2);
    await refresh(lenient, first.refresh);
    wait(GRACE_SECONDS / 2);
    await expect(refresh(lenient, first.refresh)).rejects.toMatchObject({ name: 'RefreshTokenReuseException' });
  });

  it('serves two who rotate at the same time', async () => {
    const first = await signInNew(lenient);
    const both = await Promise.all([refresh(lenient, first.refresh), refresh(lenient, first.refresh)]);
    for (const { refresh: token } of both) expect((await refresh(lenient, token)).refresh).not.toBe('');
  });

  it('keeps nothing alive that was revoked', async () => {
    const first = await signInNew(lenient);
    const second = await refresh(lenient, first.refresh);
    const { sdk, ClientId } = lenient;
    await sdk.send(new RevokeTokenCommand({ ClientId, Token: second.refresh }));
    await expect(refresh(lenient, first.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
  });

  it('holds at the token endpoint as well', async () => {
    const first = await signInNew(lenient);
    const grant = async () => {
      const form = { grant_type: 'refresh_token', client_id: lenient.ClientId, refresh_token: first.refresh };
      return (await postForm(lenient, '/oauth2/token', form)).body;
    };
    expect((await grant()).refresh_token).not.toBe(first.refresh);
    expect((await grant()).refresh_token).toBeDefined();
    wait(GRACE_SECONDS);
    expect(await grant()).toEqual({ error: 'invalid_grant' });
  });
});

describe('Signing out', () => {
  it('ends one sign-in by RevokeToken and leaves the others', async () => {
    const { email } = await createUser(kit);
    const [phone, laptop] = [await signIn(kit, email), await signIn(kit, email)];
    await kit.sdk.send(new RevokeTokenCommand({ ClientId: kit.ClientId, Token: phone.refresh }));
    await expect(refresh(kit, phone.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
    await expect(refresh(kit, laptop.refresh)).resolves.toBeDefined();
  });

  it("ends all of the user's sign-ins by GlobalSignOut, and nobody else's", async () => {
    const { email } = await createUser(kit);
    const [phone, laptop, other] = [await signIn(kit, email), await signIn(kit, email), await signInNew()];
    await kit.sdk.send(new GlobalSignOutCommand({ AccessToken: phone.access }));
    await expect(refresh(kit, laptop.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
    await expect(kit.sdk.send(new GetUserCommand({ AccessToken: laptop.access }))).rejects.toMatchObject({
      message: 'Access Token has been revoked',
    });
    await expect(refresh(kit, other.refresh)).resolves.toBeDefined();
  });

  it('ends all of them by AdminUserGlobalSignOut', async () => {
    const { email } = await createUser(kit);
    const phone = await signIn(kit, email);
    await kit.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: kit.UserPoolId, Username: email }));
    await expect(refresh(kit, phone.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
  });

  it('refuses to revoke an access token', async () => {
    const { access } = await signInNew();
    const revoke = kit.sdk.send(new RevokeTokenCommand({ ClientId: kit.ClientId, Token: access }));
    await expect(revoke).rejects.toMatchObject({ name: 'UnsupportedTokenTypeException' });
  });
});
