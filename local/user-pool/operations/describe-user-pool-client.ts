import { z } from 'zod';
import { toClientType } from '../client-views.ts';
import { getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ UserPoolId: z.string(), ClientId: z.string() });

export const describeUserPoolClient = adminOperation(Input, (pool, { ClientId }) => ({
  UserPoolClient: toClientType(getClient(pool, ClientId)),
}));
