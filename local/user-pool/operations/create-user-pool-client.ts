import { z } from 'zod';
import { createSecret, randomClientId, randomSecret } from '../client-secrets.ts';
import { ClientName, ClientSettings, toClientSettings } from '../client-settings.ts';
import { toClientType } from '../client-views.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ ...ClientSettings, ClientName, GenerateSecret: z.boolean().default(false) });

export const createUserPoolClient = adminOperation(Input, (pool, input) => {
  const settings = toClientSettings(pool, input, input.GenerateSecret);
  const unnamed = { id: randomClientId(), secrets: [] };
  const client = {
    ...settings,
    id: unnamed.id,
    name: input.ClientName,
    secrets: input.GenerateSecret ? [createSecret(pool, unnamed, randomSecret())] : [],
    createdAt: pool.clock().toISOString(),
  };
  pool.state.clients.set(client.id, client);
  return { UserPoolClient: toClientType(client) };
});
