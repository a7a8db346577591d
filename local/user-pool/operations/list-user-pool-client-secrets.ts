import { z } from 'zod';
import { toSecretDescriptor } from '../client-views.ts';
import { getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ UserPoolId: z.string(), ClientId: z.string() });

/** Never a second page: there are at most two. */
export const listUserPoolClientSecrets = adminOperation(Input, (pool, { ClientId }) => ({
  ClientSecrets: getClient(pool, ClientId).secrets.map(toSecretDescriptor),
}));
