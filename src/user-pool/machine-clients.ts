import {
  AddUserPoolClientSecretCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  LimitExceededException,
  ListUserPoolClientSecretsCommand,
  ListUserPoolClientsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { AppError, conflict, notFound, unavailable } from '../errors.ts';
import { persist, WALK_ATTEMPTS } from './persist.ts';
import { type InTurn, PATIENT } from './turns.ts';

/** What is asked of the pool about machine clients. Throws SERVICE_UNAVAILABLE when the pool cannot be asked. */
export type MachineClients = {
  /** A client for client_credentials and nothing else. Its name at the pool is the tenant's id: no word of a customer. */
  createMachineClient(tenantId: string, scopes: readonly string[]): Promise<NewClient>;
  /** Adds a secret beside the one there is. Throws CONFLICT when there are two, NOT_FOUND when the client is gone. */
  addClientSecret(clientId: string): Promise<NewSecret>;
  /** Ids of the one or two secrets, the oldest first; none when the client is gone. */
  listClientSecrets(clientId: string): Promise<readonly string[]>;
  /** Idempotent. */
  deleteClientSecret(clientId: string, secretId: string): Promise<void>;
  /** Idempotent. Tokens it was given stay good to whoever only verifies them. */
  deleteClient(clientId: string): Promise<void>;
  /** Ids of all machine clients there are. */
  listMachineClients(): Promise<readonly string[]>;
  /** When a client was made; null when it is gone. */
  findClientCreation(clientId: string): Promise<Date | null>;
};

export type NewClient = { readonly clientId: string; readonly clientSecret: string };
export type NewSecret = { readonly secretId: string; readonly clientSecret: string };

/** What the names of machine clients at the pool begin with; the tenant's id follows. */
export const MACHINE_CLIENT_PREFIX = 'tenantry-machine-';

const PAGE_SIZE = 60;

export function createMachineClients(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  inTurn: InTurn,
): MachineClients {
  return {
    createMachineClient: async (tenantId, scopes) => {
      const command = new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: `${MACHINE_CLIENT_PREFIX}${tenantId}`,
        GenerateSecret: true,
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthScopes: [...scopes],
        // Named, since by default people could sign in through it.
        ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      });
      const { UserPoolClient } = await client.send(command).catch(rethrow);
      return { clientId: demand(UserPoolClient?.ClientId), clientSecret: demand(UserPoolClient?.ClientSecret) };
    },
    addClientSecret: async (ClientId) => {
      const command = new AddUserPoolClientSecretCommand({ UserPoolId, ClientId });
      const { ClientSecretDescriptor: secret } = await client.send(command).catch(rethrow);
      return { secretId: demand(secret?.ClientSecretId), clientSecret: demand(secret?.ClientSecretValue) };
    },
    listClientSecrets: async (ClientId) => {
      const command = new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId });
      const answer = await client.send(command).catch(unlessGone);
      const createdAt = (date: Date | undefined) => date?.getTime() ?? 0;
      return (answer?.ClientSecrets ?? [])
        .toSorted((a, b) => createdAt(a.ClientSecretCreateDate) - createdAt(b.ClientSecretCreateDate))
        .map(({ ClientSecretId }) => demand(ClientSecretId));
    },
    deleteClientSecret: async (ClientId, ClientSecretId) => {
      const command = new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId });
      await client.send(command).catch(unlessGone);
    },
    deleteClient: async (ClientId) => {
      await client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId })).catch(unlessGone);
    },
    listMachineClients: async () => {
      const ids: string[] = [];
      let NextToken: string | undefined;
      do {
        const command = new ListUserPoolClientsCommand({ UserPoolId, MaxResults: PAGE_SIZE, NextToken });
        const list = () => inTurn('lists', PATIENT, (options) => client.send(command, options));
        const page = await persist(WALK_ATTEMPTS, list).catch(rethrow);
        const machines = (page.UserPoolClients ?? []).filter(({ ClientName }) => isMachine(ClientName));
        ids.push(...machines.map(({ ClientId }) => demand(ClientId)));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return ids;
    },
    findClientCreation: async (ClientId) => {
      const command = new DescribeUserPoolClientCommand({ UserPoolId, ClientId });
      const find = () => inTurn('reads', PATIENT, (options) => client.send(command, options));
      const answer = await persist(WALK_ATTEMPTS, find).catch(unlessGone);
      return answer?.UserPoolClient?.CreationDate ?? null;
    },
  };
}

function isMachine(name: string | undefined): boolean {
  return name?.startsWith(MACHINE_CLIENT_PREFIX) ?? false;
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof ResourceNotFoundException)) return rethrow(error);
  return undefined;
}

function rethrow(error: unknown): never {
  if (error instanceof AppError) throw error;
  if (error instanceof ResourceNotFoundException) throw notFound('user pool: no such client');
  if (error instanceof LimitExceededException) {
    throw conflict('There are as many as the user pool allows. Retire or delete one first.');
  }
  throw unavailable('user pool: does not answer, or lacks a scope of the client', error);
}

/** The typings leave out of every answer what the operation promises. */
function demand(value: string | undefined): string {
  if (value === undefined) throw unavailable('user pool: an answer without what was asked for');
  return value;
}
