import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  type AttributeType,
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
  ListUsersCommand,
  UserNotFoundException,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { unavailable } from '../errors.ts';
import { createBudget, type Lane } from './budget.ts';
import { createMachineClients, type MachineClients } from './machine-clients.ts';
import { persist } from './persist.ts';
import { type PoolChange, sendChange } from './pool-change.ts';

export type PoolUser = {
  readonly username: string;
  readonly isEnabled: boolean;
  /** `CONFIRMED`, `UNCONFIRMED`, `EXTERNAL_PROVIDER`, … */
  readonly status: string;
  readonly attributes: Readonly<Record<string, string>>;
};

export type PoolUserPage = {
  readonly users: readonly PoolUser[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
};

export type ChangeOutcome = 'DONE' | 'USER_GONE';

export type Turn = { readonly lane: Lane; readonly signal: AbortSignal };

/**
 * What the product asks the pool to do. Each waits its turn within the budget and goes on where the pool was busy. Throws
 * AppError SERVICE_UNAVAILABLE when the pool cannot be asked: that is not the same as no such user.
 */
export type UserPool = MachineClients & {
  readonly id: string;
  findUser(username: string, lane?: Lane): Promise<PoolUser | null>;
  /** Idempotent, as Cognito's own operations are. Tried once, and not begun or gone on with once `signal` aborts. */
  change(username: string, change: PoolChange, turn: Turn): Promise<ChangeOutcome>;
  /** Sixty at most of those whose `sub` begins so, in no order of ours. */
  listUsers(subPrefix: string, from: string | null): Promise<PoolUserPage>;
  /** Names of the groups a user is in; null when there is no such user. */
  listGroups(username: string): Promise<readonly string[] | null>;
  close(): void;
};

export type UserPoolOptions = {
  readonly userPoolId: string;
  /** Beside Amazon's own: where the pool's API is. Null means AWS, reached with the machine's own credentials. */
  readonly endpoint: string | null;
  readonly rates?: PoolRates;
};

/** Requests a second this process makes at most, by Cognito's categories. */
export type PoolRates = Readonly<Record<'reads' | 'changes' | 'lists', number>>;

// Cognito's quotas are per account and region, for all nodes and whoever else asks: about 120, 25 and 30 a second.
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const RATES: PoolRates = { reads: 30, changes: 10, lists: 10 };
const REQUEST_TIMEOUT_MS = 2_000;
const ATTEMPTS = 2;
// Of who goes through all users, and would have to begin again.
const WALK_ATTEMPTS = 6;
const PAGE_SIZE = 60;

export function createUserPool({ userPoolId, endpoint, rates = RATES }: UserPoolOptions): UserPool {
  const client = new CognitoIdentityProviderClient(toClientConfig(userPoolId, endpoint));
  const UserPoolId = userPoolId;
  const budgets = {
    reads: createBudget(rates.reads),
    changes: createBudget(rates.changes),
    lists: createBudget(rates.lists),
  };
  const ask = async <Answer>(kind: keyof PoolRates, { lane, signal }: Partial<Turn>, send: Send<Answer>) => {
    await budgets[kind].take(lane ?? 'patient');
    signal?.throwIfAborted();
    return send(signal ? { abortSignal: signal } : {});
  };

  return {
    ...createMachineClients(client, UserPoolId),
    id: userPoolId,
    findUser: async (Username, lane = 'urgent') => {
      const command = new AdminGetUserCommand({ UserPoolId, Username });
      const get = () => ask('reads', { lane }, (options) => client.send(command, options));
      const user = await persist(ATTEMPTS, get).catch(toNobody);
      return user && toPoolUser({ ...user, Username: user.Username ?? Username }, user.UserAttributes);
    },
    change: async (Username, change, turn) => {
      const send: Send<unknown> = (options) => sendChange(client, { UserPoolId, Username }, change, options);
      return (await ask('changes', turn, send).catch(toNobody)) === null ? 'USER_GONE' : 'DONE';
    },
    listUsers: async (subPrefix, from) => {
      const Filter = `sub ^= "${subPrefix}"`;
      const page = {
        UserPoolId,
        Limit: PAGE_SIZE,
        ...(subPrefix && { Filter }),
        ...(from && { PaginationToken: from }),
      };
      const command = new ListUsersCommand(page);
      const list = () => ask('lists', {}, (options) => client.send(command, options));
      const { Users = [], PaginationToken } = await persist(WALK_ATTEMPTS, list).catch(rethrow);
      return { users: Users.map((user) => toPoolUser(user, user.Attributes)), next: PaginationToken ?? null };
    },
    listGroups: async (Username) => {
      const names: string[] = [];
      let NextToken: string | undefined;
      do {
        const command = new AdminListGroupsForUserCommand({ UserPoolId, Username, NextToken });
        const list = () => ask('reads', {}, (options) => client.send(command, options));
        const page = await persist(WALK_ATTEMPTS, list).catch(toNobody);
        if (page === null) return null;
        names.push(...(page.Groups ?? []).map(({ GroupName = '' }) => GroupName));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return names;
    },
    close: () => client.destroy(),
  };
}

type Send<Answer> = (options: { readonly abortSignal?: AbortSignal }) => Promise<Answer>;

function toPoolUser(
  { Username = '', Enabled = true, UserStatus = 'UNKNOWN' }: Pick<UserType, 'Username' | 'Enabled' | 'UserStatus'>,
  attributes: readonly AttributeType[] = [],
): PoolUser {
  const pairs = attributes.map(({ Name, Value }) => [Name ?? '', Value ?? '']);
  return { username: Username, isEnabled: Enabled, status: UserStatus, attributes: Object.fromEntries(pairs) };
}

function toNobody(error: unknown): null {
  if (error instanceof UserNotFoundException) return null;
  return rethrow(error);
}

function rethrow(error: unknown): never {
  throw unavailable('user pool: does not answer', error);
}

function toClientConfig(userPoolId: string, endpoint: string | null): CognitoIdentityProviderClientConfig {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'));
  // One attempt each: what is tried again waits for its turn again (persist.ts).
  // Without the second word the first one only warns.
  const requestHandler = { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true };
  const base = { region, maxAttempts: 1, requestHandler };
  if (endpoint === null) return base;
  // A local pool checks no signature, but the SDK signs nothing without a key.
  return { ...base, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
