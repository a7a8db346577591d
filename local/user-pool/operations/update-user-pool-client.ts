import { z } from 'zod';
import { ClientName, ClientSettings, toClientSettings } from '../client-settings.ts';
import { toClientType } from '../client-views.ts';
import { getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ ...ClientSettings, ClientId: z.string(), ClientName: ClientName.optional() });

/** Sets everything anew: what is left out falls back to its default, as in Cognito. The name alone stays. */
export const updateUserPoolClient = adminOperation(Input, (pool, input) => {
  const client = getClient(pool, input.ClientId);
  const updated = {
    ...client,
    ...toClientSettings(pool, input, client.secrets.length > 0),
    name: input.ClientName ?? client.name,
    modifiedAt: pool.clock().toISOString(),
  };
  pool.state.clients.set(client.id, updated);
  return { UserPoolClient: toClientType(updated) };
});
