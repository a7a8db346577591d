import { LOCAL_POOL } from './constants.ts';
import type { Client, ClientSecret, ResourceServer } from './state/state.ts';
import { toSeconds } from './user-views.ts';

/** As CreateUserPoolClient and DescribeUserPoolClient tell it. */
export function toClientType(client: Client): object {
  const [secret] = client.secrets;
  return {
    ...toClientDescription(client),
    ...(secret && { ClientSecret: secret.value }),
    ExplicitAuthFlows: client.authFlows,
    AllowedOAuthFlows: client.oauthFlows,
    AllowedOAuthScopes: client.oauthScopes,
    AllowedOAuthFlowsUserPoolClient: client.oauthFlows.length > 0,
    CallbackURLs: client.callbackUrls,
    LogoutURLs: client.logoutUrls,
    SupportedIdentityProviders: client.identityProviders,
    CreationDate: toSeconds(client.createdAt),
    LastModifiedDate: toSeconds(client.modifiedAt ?? client.createdAt),
    RefreshTokenRotation: {
      Feature: client.rotation.isEnabled ? 'ENABLED' : 'DISABLED',
      RetryGracePeriodSeconds: client.rotation.graceSeconds,
    },
    ReadAttributes: LOCAL_POOL.attributes,
    WriteAttributes: LOCAL_POOL.writeAttributes,
    AccessTokenValidity: 60,
    IdTokenValidity: 60,
    RefreshTokenValidity: LOCAL_POOL.refreshTokenDays,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' },
    EnableTokenRevocation: true,
    PreventUserExistenceErrors: 'ENABLED',
  };
}

/** As ListUserPoolClients tells it. */
export function toClientDescription({ id, name }: Client): object {
  return { UserPoolId: LOCAL_POOL.poolId, ClientId: id, ClientName: name };
}

/** Without the secret itself, which only the answer to adding one tells. */
export function toSecretDescriptor({ id, createdAt }: ClientSecret): object {
  return { ClientSecretId: id, ClientSecretCreateDate: toSeconds(createdAt) };
}

export function toResourceServerType({ identifier, name, scopes }: ResourceServer): object {
  return {
    UserPoolId: LOCAL_POOL.poolId,
    Identifier: identifier,
    Name: name,
    Scopes: scopes.map((scope) => ({ ScopeName: scope.name, ScopeDescription: scope.description })),
  };
}
