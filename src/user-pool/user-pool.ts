import {
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider';
import { createMachineClients, type MachineClients } from './machine-clients.ts';
import { createTokenRefresh, type TokenRefresh } from './refresh-tokens.ts';
import { createTurns, DEFAULT_RATES, type PoolRates } from './turns.ts';
import { createPoolUsers, type PoolUsers } from './users.ts';

/** What the product asks the pool to do. */
export type UserPool = PoolUsers & MachineClients & TokenRefresh & { readonly id: string; close(): void };

export type UserPoolOptions = {
  readonly userPoolId: string;
  /** Beside Amazon's own: where the pool's API is. Null means AWS, reached with the machine's own credentials. */
  readonly endpoint: string | null;
  readonly rates?: PoolRates;
  /** Those left out are as in USER_POOL_TIMINGS. */
  readonly timings?: Partial<UserPoolTimings> | undefined;
};

/** In milliseconds. */
export type UserPoolTimings = {
  /** A request is given up after this time. */
  readonly requestTimeoutMs: number;
  /** The time that rates are counted over: with another value than a second, they are rates per that time. */
  readonly rateWindowMs: number;
};

export const USER_POOL_TIMINGS: UserPoolTimings = { requestTimeoutMs: 2_000, rateWindowMs: 1_000 };

export function createUserPool(options: UserPoolOptions): UserPool {
  const { userPoolId, endpoint, rates = DEFAULT_RATES } = options;
  const { requestTimeoutMs, rateWindowMs } = { ...USER_POOL_TIMINGS, ...options.timings };
  const client = new CognitoIdentityProviderClient(toClientConfig(userPoolId, endpoint, requestTimeoutMs));
  const inTurn = createTurns(rates, rateWindowMs);
  return {
    ...createPoolUsers(client, userPoolId, inTurn),
    ...createMachineClients(client, userPoolId, inTurn),
    ...createTokenRefresh(client),
    id: userPoolId,
    close: () => client.destroy(),
  };
}

function toClientConfig(
  userPoolId: string,
  endpoint: string | null,
  requestTimeout: number,
): CognitoIdentityProviderClientConfig {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'));
  // One attempt each: what is tried again waits for its turn again (persist.ts).
  // Without the second word the first one only warns.
  const requestHandler = { requestTimeout, throwOnRequestTimeout: true };
  const base = { region, maxAttempts: 1, requestHandler };
  if (endpoint === null) return base;
  // A local pool checks no signature, but the SDK signs nothing without a key.
  return { ...base, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
