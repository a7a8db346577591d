import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUserGlobalSignOutCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';

/** What can be done to a user of the pool. Done again, each changes nothing. */
export type PoolChange =
  | { readonly kind: 'ADD_TO_GROUP' | 'REMOVE_FROM_GROUP'; readonly group: string }
  | { readonly kind: 'DISABLE' | 'ENABLE' | 'SIGN_OUT' | 'DELETE' };

type User = { readonly UserPoolId: string; readonly Username: string };
type Options = { readonly abortSignal?: AbortSignal };

export function sendChange(
  client: CognitoIdentityProviderClient,
  user: User,
  change: PoolChange,
  options: Options,
): Promise<unknown> {
  switch (change.kind) {
    case 'ADD_TO_GROUP':
      return client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: change.group }), options);
    case 'REMOVE_FROM_GROUP':
      return client.send(new AdminRemoveUserFromGroupCommand({ ...user, GroupName: change.group }), options);
    case 'DISABLE':
      return client.send(new AdminDisableUserCommand(user), options);
    case 'ENABLE':
      return client.send(new AdminEnableUserCommand(user), options);
    case 'SIGN_OUT':
      return client.send(new AdminUserGlobalSignOutCommand(user), options);
    case 'DELETE':
      return client.send(new AdminDeleteUserCommand(user), options);
  }
}
