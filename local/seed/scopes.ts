import {
  type CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  DescribeResourceServerCommand,
  ResourceNotFoundException,
  type ResourceServerScopeType,
  UpdateResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { LOCAL_POOL } from '../user-pool/constants.ts';

const UserPoolId = LOCAL_POOL.poolId;

/** Gives the pool the scopes of modules, so that machines can be given them too. What is there stays as it is. */
export async function seedScopes(client: CognitoIdentityProviderClient, scopes: readonly string[]): Promise<void> {
  const split = scopes.map((scope) => [scope.slice(0, scope.lastIndexOf('/')), scope.split('/').at(-1) ?? ''] as const);
  for (const [Identifier, own] of Map.groupBy(split, ([server]) => server)) {
    const known = await findScopes(client, Identifier);
    const missing = own.filter(([, name]) => !known?.some(({ ScopeName }) => ScopeName === name));
    if (missing.length === 0) continue;
    const added = missing.map(([, name]) => ({ ScopeName: name, ScopeDescription: `${Identifier}/${name}` }));
    const server = { UserPoolId, Identifier, Name: 'Scopes of a module', Scopes: [...(known ?? []), ...added] };
    await (known === null
      ? client.send(new CreateResourceServerCommand(server))
      : client.send(new UpdateResourceServerCommand(server)));
  }
}

async function findScopes(
  client: CognitoIdentityProviderClient,
  Identifier: string,
): Promise<readonly ResourceServerScopeType[] | null> {
  try {
    const { ResourceServer } = await client.send(new DescribeResourceServerCommand({ UserPoolId, Identifier }));
    return ResourceServer?.Scopes ?? [];
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}
