import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, type PoolKit, refresh, signIn, startKit, type Tokens } from './kit.ts';

const HOUR_MS = 3_600_000;

let now = Date.now();
let kit: PoolKit;
let sdk: CognitoIdentityClient;
let user: { readonly email: string; readonly sub: string };
let tokens: Tokens;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-identity-pool-'));
  kit = await startKit({ clock: () => new Date(now) });
  sdk = createIdentitySdk(kit);
  user = await createUser(kit);
  tokens = await signIn(kit, user.email);
});
afterAll(async () => {
  sdk.destroy();
  await rm(folder, { recursive: true });
  await kit[Symbol.asyncDispose]();
});

// Without credentials: AWS wants neither operation signed.
function createIdentitySdk({ pool: { region, endpoint } }: PoolKit): CognitoIdentityClient {
  return new CognitoIdentityClient({ region, endpoint, maxAttempts: 1 });
}
const toLogins = (token: string, provider = kit.pool.issuer.slice('https://'.length)) => ({ [provider]: token });
const getId = async (Logins?: Record<string, string>, IdentityPoolId = kit.pool.identityPool.id) =>
  (await sdk.send(new GetIdCommand({ IdentityPoolId, ...(Logins && { Logins }) }))).IdentityId ?? '';
const getCredentials = (IdentityId: string, Logins?: Record<string, string>) =>
  sdk.send(new GetCredentialsForIdentityCommand({ IdentityId, ...(Logins && { Logins }) }));
/** What another pool, which has an address of its own, calls a user who signs in there. */
async function nameAt(other: PoolKit, email: string): Promise<string | undefined> {
  const client = createIdentitySdk(other);
  const IdentityPoolId = other.pool.identityPool.id;
  const Logins = toLogins((await signIn(other, email)).id);
  const { IdentityId } = await client.send(new GetIdCommand({ IdentityPoolId, Logins }));
  client.destroy();
  return IdentityId;
}
const nameOf = (failing: Promise<unknown>) =>
  failing.then(
    () => null,
    (error: Error) => error.name,
  );

describe('GetId', () => {
  it('knows a user by one name: after a refresh, and at his next sign-in', async () => {
    const [first, refreshed, next] = [tokens, await refresh(kit, tokens.refresh), await signIn(kit, user.email)];
    const names = await Promise.all([first, refreshed, next].map(({ id }) => getId(toLogins(id))));
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^eu-central-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('knows a user by that name still when the pool starts anew', async () => {
    const stateFile = join(folder, 'pool.json');
    const first = await startKit({ stateFile });
    const { email } = await createUser(first);
    const before = await nameAt(first, email);
    await first[Symbol.asyncDispose]();
    await using second = await startKit({ stateFile });
    expect(await nameAt(second, email)).toBe(before);
  });

  it('knows another user by another name', async () => {
    const other = await signIn(kit, (await createUser(kit)).email);
    expect(await getId(toLogins(other.id))).not.toBe(await getId(toLogins(tokens.id)));
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['no login', () => getId(), 'NotAuthorizedException'],
    ['another provider', () => getId(toLogins(tokens.id, 'accounts.google.com')), 'NotAuthorizedException'],
    ['an access token', () => getId(toLogins(tokens.access)), 'NotAuthorizedException'],
    ['a token that is none', () => getId(toLogins('a.b.c')), 'NotAuthorizedException'],
    ['a changed token', () => getId(toLogins(`${tokens.id.slice(0, -9)}AAAAAAAAA`)), 'NotAuthorizedException'],
    ['another pool', () => getId(toLogins(tokens.id), `eu-central-1:${randomUUID()}`), 'ResourceNotFoundException'],
    ['an id that is none', () => getId(toLogins(tokens.id), 'pool'), 'InvalidParameterException'],
  ])('refuses %s', async (_, ask, name) => {
    expect(await nameOf(ask())).toBe(name);
  });

  it.each([
    ['of an app client that the pool does not have', { aud: 'another' }],
    ["of another issuer, by the pool's own key", { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/another' }],
    ['without an end', { exp: undefined }],
  ])('refuses a token %s', async (_, changes) => {
    const { ClientId: aud, pool } = kit;
    const good = { sub: user.sub, aud, token_use: 'id', iss: pool.issuer, exp: Math.floor(now / 1000) + 60 };
    expect(await nameOf(getId(toLogins(await pool.signToken(good))))).toBeNull();
    const token = await pool.signToken({ ...good, ...changes });
    expect(await nameOf(getId(toLogins(token)))).toBe('NotAuthorizedException');
  });
});

describe('GetCredentialsForIdentity', () => {
  it('gives credentials for an hour, tagged with the claims that are mapped and there', async () => {
    const IdentityId = await getId(toLogins(tokens.id));
    const answer = await getCredentials(IdentityId, toLogins(tokens.id));
    expect(answer).toMatchObject({
      IdentityId,
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA/),
        SecretKey: expect.any(String),
        SessionToken: expect.any(String),
        Expiration: new Date(Math.floor(now / 1000) * 1000 + HOUR_MS),
      },
    });
    const { findTags } = kit.pool.identityPool;
    expect(findTags(answer.Credentials?.AccessKeyId ?? '')).toEqual({ username: user.sub, client: kit.ClientId });
    expect(findTags('ASIAnobodys')).toBeNull();
  });

  it.each<[string, (own: string) => Promise<unknown>, string]>([
    ['no login', (own) => getCredentials(own), 'NotAuthorizedException'],
    ['an access token', (own) => getCredentials(own, toLogins(tokens.access)), 'NotAuthorizedException'],
    [
      'an identity nobody has',
      () => getCredentials(`eu-central-1:${randomUUID()}`, toLogins(tokens.id)),
      'ResourceNotFoundException',
    ],
    ['an id that is none', () => getCredentials('identity', toLogins(tokens.id)), 'InvalidParameterException'],
  ])('refuses %s', async (_, ask, name) => {
    expect(await nameOf(ask(await getId(toLogins(tokens.id))))).toBe(name);
  });

  it("refuses another's identity", async () => {
    const other = await signIn(kit, (await createUser(kit)).email);
    const foreign = await getId(toLogins(other.id));
    expect(await nameOf(getCredentials(foreign, toLogins(tokens.id)))).toBe('NotAuthorizedException');
  });

  it('refuses a token that has expired, and forgets credentials with their hour', async () => {
    const identityId = await getId(toLogins(tokens.id));
    const { Credentials } = await getCredentials(identityId, toLogins(tokens.id));
    now += HOUR_MS + 1_000;
    expect(kit.pool.identityPool.findTags(Credentials?.AccessKeyId ?? '')).toBeNull();
    expect(await nameOf(getId(toLogins(tokens.id)))).toBe('NotAuthorizedException');
  });
});
