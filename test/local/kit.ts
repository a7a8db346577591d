import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { inject } from 'vitest';
import { type LocalUserPool, type LocalUserPoolOptions, startLocalUserPool } from '../../local/user-pool/index.ts';

export const PASSWORD = 'Correct-horse-1';

export type PoolKit = {
  readonly pool: LocalUserPool;
  /** The SDK as it comes from npm: only `endpoint` and made-up credentials are set. */
  readonly sdk: CognitoIdentityProviderClient;
  readonly UserPoolId: string;
  readonly ClientId: string;
} & AsyncDisposable;

/** A pool without users. One that is given no state file of its own has the signing keys of every other such pool. */
export async function startKit(options: Partial<LocalUserPoolOptions> = {}): Promise<PoolKit> {
  const keys = options.stateFile === undefined ? { initialFile: await getKeysFile() } : {};
  const pool = await startLocalUserPool({ stateFile: null, port: 0, trigger: null, ...keys, ...options });
  const sdk = createSdk(pool);
  const dispose = async () => {
    sdk.destroy();
    await pool.close();
  };
  return { pool, sdk, UserPoolId: pool.poolId, ClientId: pool.clientId, [Symbol.asyncDispose]: dispose };
}

let keysFile: Promise<string> | undefined;

/** A state file to begin with that holds signing keys and no users: making the keys takes longer than most tests. */
export function getKeysFile(): Promise<string> {
  keysFile ??= createKeysFile();
  return keysFile;
}

async function createKeysFile(): Promise<string> {
  // The end of the run removes this folder.
  const folder = dirname(inject('suiteDatabase').seeded.poolFile);
  const stateFile = join(folder, `keys-${process.pid}-${threadId}.json`);
  await using _ = await startLocalUserPool({ stateFile, port: 0, trigger: null });
  return stateFile;
}

export function createSdk({ region, endpoint }: LocalUserPool): CognitoIdentityProviderClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new CognitoIdentityProviderClient({ region, endpoint, credentials, maxAttempts: 1 });
}

export function freshEmail(): string {
  return `u${randomUUID().slice(0, 8)}@acme.test`;
}

/** A confirmed user with a proven address, who signs in with PASSWORD. */
export async function createUser({ sdk, UserPoolId }: PoolKit, email = freshEmail()) {
  const UserAttributes = [{ Name: 'email_verified', Value: 'true' }];
  const created = await sdk.send(
    new AdminCreateUserCommand({ UserPoolId, Username: email, UserAttributes, MessageAction: 'SUPPRESS' }),
  );
  await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: email, Password: PASSWORD, Permanent: true }));
  return { email, sub: created.User?.Username ?? '' };
}

export type Tokens = { readonly access: string; readonly id: string; readonly refresh: string };

export async function signIn({ sdk, ClientId }: PoolKit, email: string, password = PASSWORD): Promise<Tokens> {
  const AuthParameters = { USERNAME: email, PASSWORD: password };
  const answer = await sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }));
  return toTokens(answer.AuthenticationResult);
}

export async function refresh(
  { sdk, ClientId }: PoolKit,
  RefreshToken: string,
  ClientMetadata?: Record<string, string>,
): Promise<Tokens> {
  const input = { ClientId, RefreshToken, ...(ClientMetadata && { ClientMetadata }) };
  return toTokens((await sdk.send(new GetTokensFromRefreshTokenCommand(input))).AuthenticationResult);
}

function toTokens(result: AuthenticationResultType | undefined): Tokens {
  return { access: result?.AccessToken ?? '', id: result?.IdToken ?? '', refresh: result?.RefreshToken ?? '' };
}

/** The code of the newest mail to that address. */
export function newestCode({ pool }: PoolKit, email: string): string {
  return pool.mailbox.list(email)[0]?.code ?? '';
}
