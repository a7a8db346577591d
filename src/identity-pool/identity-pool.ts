import type { CognitoIdentityClient, CognitoIdentityClientConfig, Credentials } from '@aws-sdk/client-cognito-identity';
import { unavailable } from '../errors.ts';
import { rethrow } from './rethrow.ts';

/** What AWS lends to an identity for an hour. */
export type LentCredentials = {
  /** The user's name in the identity pool, the same at every sign-in. */
  readonly identityId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Date;
};

/** What the product asks an identity pool to do. */
export type IdentityPool = {
  /**
   * Credentials for the user of an ID token, tagged with its claims as the pool maps them. AWS checks the token once more.
   * Throws FORBIDDEN where the pool gives this user none, SERVICE_UNAVAILABLE where it cannot be asked or is not set up.
   */
  lend(idToken: string): Promise<LentCredentials>;
  close(): void;
};

export type IdentityPoolOptions = {
  /** `eu-west-1:` and a UUID. Its region may be another than the user pool's. */
  readonly id: string;
  /** What it calls the user pool. */
  readonly providerName: string;
  /** Where a stand-in answers; null means AWS. */
  readonly endpoint: string | null;
  /** Those left out are as in IDENTITY_POOL_TIMINGS. */
  readonly timings?: Partial<IdentityPoolTimings> | undefined;
};

/** In milliseconds. */
export type IdentityPoolTimings = {
  /** Credentials are given up after this time, whatever it was spent on. */
  readonly timeoutMs: number;
  /** One request of it is given up after this time, and sent once more. */
  readonly requestTimeoutMs: number;
};

export const IDENTITY_POOL_TIMINGS: IdentityPoolTimings = { timeoutMs: 5_000, requestTimeoutMs: 2_000 };

/** Loads the SDK's client, which nobody without an identity pool needs. */
export async function openIdentityPool(options: IdentityPoolOptions): Promise<IdentityPool> {
  const { CognitoIdentityClient, GetCredentialsForIdentityCommand, GetIdCommand } = await import(
    '@aws-sdk/client-cognito-identity'
  );
  const { id: IdentityPoolId, providerName } = options;
  const { timeoutMs, requestTimeoutMs } = { ...IDENTITY_POOL_TIMINGS, ...options.timings };
  const client: CognitoIdentityClient = new CognitoIdentityClient(toClientConfig(options, requestTimeoutMs));
  return {
    lend: async (idToken) => {
      const Logins = { [providerName]: idToken };
      const until = { abortSignal: AbortSignal.timeout(timeoutMs) };
      // Asked each time: an identity that was deleted or merged at the pool would live on in a memory of ours.
      const { IdentityId } = await client.send(new GetIdCommand({ IdentityPoolId, Logins }), until).catch(rethrow);
      const command = new GetCredentialsForIdentityCommand({ IdentityId, Logins });
      const { Credentials } = await client.send(command, until).catch(rethrow);
      return toLent(IdentityId, Credentials);
    },
    close: () => client.destroy(),
  };
}

/** Both operations are open to whoever holds a token: nothing is signed, and no credentials of this machine are asked for. */
function toClientConfig({ id, endpoint }: IdentityPoolOptions, requestTimeout: number): CognitoIdentityClientConfig {
  const region = id.slice(0, id.indexOf(':'));
  // Without the second word the first one only warns.
  const requestHandler = { requestTimeout, throwOnRequestTimeout: true };
  return { region, maxAttempts: 2, requestHandler, ...(endpoint !== null && { endpoint }) };
}

/** The typings leave out of every answer what the operation promises. */
function toLent(identityId: string | undefined, credentials: Credentials | undefined): LentCredentials {
  const {
    AccessKeyId: accessKeyId,
    SecretKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiresAt,
  } = credentials ?? {};
  if (!identityId || !accessKeyId || !secretAccessKey || !sessionToken || !expiresAt) {
    throw unavailable('identity pool: an answer without what was asked for');
  }
  return { identityId, accessKeyId, secretAccessKey, sessionToken, expiresAt };
}
