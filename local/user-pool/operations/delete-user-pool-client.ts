import { z } from 'zod';
import { getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ UserPoolId: z.string(), ClientId: z.string() });

/** Tokens it was given stay good until they expire, as in Cognito. */
export const deleteUserPoolClient = adminOperation(Input, (pool, { ClientId }) => {
  pool.state.clients.delete(getClient(pool, ClientId).id);
  return {};
});
