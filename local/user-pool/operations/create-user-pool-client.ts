import { z } from 'zod';
import { createSecret, randomClientId, randomSecret } from '../client-secrets.ts';
import { toClientType } from '../client-views.ts';
import { CognitoError } from '../errors.ts';
import { adminOperation } from '../operation.ts';
import { assertScopesExist } from '../resource-servers.ts';

const Input = z.object({
  UserPoolId: z.string(),
  ClientName: z
    .string()
    .max(128)
    .regex(/^[\w\s+=,.@-]+$/),
  GenerateSecret: z.boolean().default(false),
  ExplicitAuthFlows: z
    .array(z.string())
    .default(['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
  AllowedOAuthFlows: z.array(z.enum(['code', 'implicit', 'client_credentials'])).default([]),
  AllowedOAuthScopes: z.array(z.string()).default([]),
  AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
});

export const createUserPoolClient = adminOperation(Input, (pool, input) => {
  assertOAuth(input);
  assertScopesExist(pool, input.AllowedOAuthScopes);
  const unnamed = { id: randomClientId(), secrets: [] };
  const client = {
    id: unnamed.id,
    name: input.ClientName,
    secrets: input.GenerateSecret ? [createSecret(pool, unnamed, randomSecret())] : [],
    authFlows: input.ExplicitAuthFlows,
    oauthFlows: input.AllowedOAuthFlows,
    oauthScopes: input.AllowedOAuthScopes,
    createdAt: pool.clock().toISOString(),
  };
  pool.state.clients.set(client.id, client);
  return { UserPoolClient: toClientType(pool, client) };
});

function assertOAuth({ AllowedOAuthFlows, GenerateSecret, AllowedOAuthFlowsUserPoolClient }: z.output<typeof Input>) {
  const refuse = (why: string) => {
    throw new CognitoError('InvalidOAuthFlowException', why);
  };
  if (AllowedOAuthFlows.length > 0 && !AllowedOAuthFlowsUserPoolClient) {
    refuse('AllowedOAuthFlowsUserPoolClient must be true where AllowedOAuthFlows is set.');
  }
  if (!AllowedOAuthFlows.includes('client_credentials')) return;
  if (!GenerateSecret) {
    refuse('client_credentials flow can not be selected if client does not have a client secret.');
  }
  if (AllowedOAuthFlows.length > 1) {
    refuse('client_credentials flow can not be selected along with code flow or implicit flow.');
  }
}
