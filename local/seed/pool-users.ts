import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { ADMINS } from '../../src/identity/groups.ts';
import { LOCAL_POOL } from '../user-pool/constants.ts';
import { DEMO_PASSWORD, type DemoUser } from './demo.ts';

const UserPoolId = LOCAL_POOL.poolId;

export function createPoolClient(endpoint: string): CognitoIdentityProviderClient {
  // The local pool checks no signature, but the SDK signs nothing without a key.
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new CognitoIdentityProviderClient({ endpoint, region: LOCAL_POOL.region, credentials, maxAttempts: 1 });
}

/** The `sub` of a user of the pool; null when there is none by that address. */
export async function findSub(client: CognitoIdentityProviderClient, email: string): Promise<string | null> {
  try {
    const { UserAttributes = [] } = await client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
    return UserAttributes.find(({ Name }) => Name === 'sub')?.Value ?? null;
  } catch (error) {
    if (error instanceof UserNotFoundException) return null;
    throw error;
  }
}

/** Makes a demo user who can sign in at once, in the groups he belongs to; returns his `sub`. */
export async function createDemoUser(
  client: CognitoIdentityProviderClient,
  { email, displayName, isPlatformStaff }: DemoUser,
): Promise<string> {
  const user = { UserPoolId, Username: email };
  await client.send(
    new AdminCreateUserCommand({
      ...user,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'name', Value: displayName },
      ],
    }),
  );
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: DEMO_PASSWORD, Permanent: true }));
  for (const GroupName of isPlatformStaff ? ['Users', ADMINS] : ['Users']) {
    await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
  }
  const sub = await findSub(client, email);
  if (sub === null) throw new Error(`${email} was made and cannot be found`);
  return sub;
}

/** An access token of a user, as his own sign-in gives it. */
export async function signIn(client: CognitoIdentityProviderClient, email: string, password: string): Promise<string> {
  return (await startSession(client, email, password)).accessToken;
}

/** The user signs in with more than a password by now. */
export class MoreThanPasswordError extends Error {
  override readonly name = 'MoreThanPasswordError';
}

const OTHER_CREDENTIAL = ['NotAuthorizedException', 'PasswordResetRequiredException', 'UserNotFoundException'];

/** Whether the pool refused a password because this user signs in with another one, or with more than a password. */
export function isOtherCredential(error: unknown): boolean {
  return error instanceof MoreThanPasswordError || (error instanceof Error && OTHER_CREDENTIAL.includes(error.name));
}

export type SessionTokens = { readonly accessToken: string; readonly idToken: string; readonly refreshToken: string };

/** A session's tokens, after a sign-in with a password. */
export async function startSession(
  client: CognitoIdentityProviderClient,
  email: string,
  password: string,
): Promise<SessionTokens> {
  const { AuthenticationResult } = await client.send(
    new InitiateAuthCommand({
      ClientId: LOCAL_POOL.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = AuthenticationResult ?? {};
  if (!accessToken || !idToken || !refreshToken) {
    throw new MoreThanPasswordError(
      `${email} signs in with more than a password by now: do so in a browser, at /session.`,
    );
  }
  return { accessToken, idToken, refreshToken };
}

/** The session's next access token, for another tenant of its user. Where he is no member the tenant stays. */
export async function switchTenant(
  client: CognitoIdentityProviderClient,
  refreshToken: string,
  tenantId: string,
): Promise<string> {
  const { AuthenticationResult } = await client.send(
    new GetTokensFromRefreshTokenCommand({
      ClientId: LOCAL_POOL.clientId,
      RefreshToken: refreshToken,
      ClientMetadata: { tenant_id: tenantId },
    }),
  );
  if (!AuthenticationResult?.AccessToken) throw new Error('the pool gave no access token');
  return AuthenticationResult.AccessToken;
}
