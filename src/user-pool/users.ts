import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  ListUsersCommand,
  UserNotFoundException,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { unavailable } from '../errors.ts';
import type { Lane } from './budget.ts';
import { persist, WALK_ATTEMPTS } from './persist.ts';
import { type PoolChange, sendChange } from './pool-change.ts';
import { type InTurn, PATIENT, type Turn } from './turns.ts';

export type PoolUser = {
  readonly username: string;
  readonly isEnabled: boolean;
  /** `CONFIRMED`, `UNCONFIRMED`, `EXTERNAL_PROVIDER`, … */
  readonly status: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** When the pool last changed anything about the user. */
  readonly modifiedAt: Date;
};

export type PoolUserPage = {
  readonly users: readonly PoolUser[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
};

export type ChangeOutcome = 'DONE' | 'USER_GONE';

/**
 * What is asked of the pool about its users, each in its turn. Throws SERVICE_UNAVAILABLE when the pool cannot be asked:
 * that is not the same as no such user.
 */
export type PoolUsers = {
  findUser(username: string, lane?: Lane): Promise<PoolUser | null>;
  /** Idempotent, as Cognito's own operations are. Tried once, and not begun or gone on with once the signal aborts. */
  change(username: string, change: PoolChange, turn: Turn): Promise<ChangeOutcome>;
  /** Sixty at most of those whose `sub` begins so, in no order of ours. */
  listUsers(subPrefix: string, from: string | null): Promise<PoolUserPage>;
  /** Names of the groups a user is in; null when there is no such user. */
  listGroups(username: string): Promise<readonly string[] | null>;
};

const ATTEMPTS = 2;
const PAGE_SIZE = 60;

export function createPoolUsers(client: CognitoIdentityProviderClient, UserPoolId: string, inTurn: InTurn): PoolUsers {
  const listPage = (Username: string, NextToken: string | undefined) => {
    const command = new AdminListGroupsForUserCommand({ UserPoolId, Username, NextToken });
    const list = () => inTurn('reads', PATIENT, (options) => client.send(command, options));
    return persist(WALK_ATTEMPTS, list).catch(toNobody);
  };
  return {
    findUser: async (Username, lane = 'urgent') => {
      const command = new AdminGetUserCommand({ UserPoolId, Username });
      const get = () => inTurn('reads', { lane }, (options) => client.send(command, options));
      const user = await persist(ATTEMPTS, get).catch(toNobody);
      return user && toPoolUser({ ...user, Username: user.Username ?? Username }, user.UserAttributes);
    },
    change: async (Username, change, turn) => {
      const user = { UserPoolId, Username };
      const done = await inTurn('changes', turn, (options) => sendChange(client, user, change, options)).catch(
        toNobody,
      );
      return done === null ? 'USER_GONE' : 'DONE';
    },
    listUsers: async (subPrefix, from) => {
      const Filter = subPrefix === '' ? undefined : `sub ^= "${subPrefix}"`;
      const command = new ListUsersCommand({
        UserPoolId,
        Filter,
        Limit: PAGE_SIZE,
        PaginationToken: from ?? undefined,
      });
      const list = () => inTurn('lists', PATIENT, (options) => client.send(command, options));
      const { Users = [], PaginationToken } = await persist(WALK_ATTEMPTS, list).catch(rethrow);
      return { users: Users.map((user) => toPoolUser(user, user.Attributes)), next: PaginationToken ?? null };
    },
    listGroups: async (Username) => {
      const names: string[] = [];
      let next: string | undefined;
      do {
        const page = await listPage(Username, next);
        if (page === null) return null;
        names.push(...(page.Groups ?? []).map(({ GroupName = '' }) => GroupName));
        next = page.NextToken;
      } while (next !== undefined);
      return names;
    },
  };
}

function toPoolUser(
  {
    Username = '',
    Enabled = true,
    UserStatus = 'UNKNOWN',
    UserLastModifiedDate: modifiedAt = new Date(),
  }: Omit<UserType, 'Attributes'>,
  attributes: readonly AttributeType[] = [],
): PoolUser {
  const pairs = attributes.map(({ Name, Value }) => [Name ?? '', Value ?? '']);
  return {
    username: Username,
    isEnabled: Enabled,
    status: UserStatus,
    attributes: Object.fromEntries(pairs),
    modifiedAt,
  };
}

function toNobody(error: unknown): null {
  if (error instanceof UserNotFoundException) return null;
  return rethrow(error);
}

function rethrow(error: unknown): never {
  throw unavailable('user pool: does not answer', error);
}
