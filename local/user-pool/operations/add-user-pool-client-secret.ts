import { z } from 'zod';
import { addSecret, randomSecret } from '../client-secrets.ts';
import { toSecretDescriptor } from '../client-views.ts';
import { getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ UserPoolId: z.string(), ClientId: z.string() });

/** The one answer that tells the secret. */
export const addUserPoolClientSecret = adminOperation(Input, (pool, { ClientId }) => {
  const secret = addSecret(pool, getClient(pool, ClientId), randomSecret());
  return { ClientSecretDescriptor: { ...toSecretDescriptor(secret), ClientSecretValue: secret.value } };
});
