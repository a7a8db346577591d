import { z } from 'zod';
import { removeSecret } from '../client-secrets.ts';
import { getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ UserPoolId: z.string(), ClientId: z.string(), ClientSecretId: z.string() });

export const deleteUserPoolClientSecret = adminOperation(Input, (pool, { ClientId, ClientSecretId }) => {
  removeSecret(pool, getClient(pool, ClientId), ClientSecretId);
  return {};
});
