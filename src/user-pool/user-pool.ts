import {
  AdminAddUserToGroupCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { unavailable } from '../errors.ts';
import { createMachineClients, type MachineClients } from './machine-clients.ts';

export type PoolUser = {
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** What the product asks the pool to do. */
export type UserPool = MachineClients & {
  readonly id: string;
  /** Idempotent, as Cognito's own operation is. */
  addUserToGroup(username: string, group: string): Promise<void>;
  /** Throws AppError SERVICE_UNAVAILABLE when the pool cannot be asked: that is not the same as no such user. */
  findUser(username: string): Promise<PoolUser | null>;
  close(): void;
};

export type UserPoolOptions = {
  readonly userPoolId: string;
  /** Beside Amazon's own: where the pool's API is. Null means AWS, reached with the machine's own credentials. */
  readonly endpoint: string | null;
};

const REQUEST_TIMEOUT_MS = 2_000;

export function createUserPool({ userPoolId, endpoint }: UserPoolOptions): UserPool {
  const client = new CognitoIdentityProviderClient(toClientConfig(userPoolId, endpoint));
  const UserPoolId = userPoolId;
  return {
    ...createMachineClients(client, UserPoolId),
    id: userPoolId,
    addUserToGroup: async (Username, GroupName) => {
      await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
    },
    findUser: async (Username) => {
      try {
        const user = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
        const attributes = (user.UserAttributes ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']);
        return { username: user.Username ?? Username, attributes: Object.fromEntries(attributes) };
      } catch (error) {
        if (error instanceof UserNotFoundException) return null;
        throw unavailable('user pool: does not answer', error);
      }
    },
    close: () => client.destroy(),
  };
}

function toClientConfig(userPoolId: string, endpoint: string | null): CognitoIdentityProviderClientConfig {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'));
  const base = { region, maxAttempts: 2, requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS } };
  if (endpoint === null) return base;
  // A local pool checks no signature, but the SDK signs nothing without a key.
  return { ...base, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
