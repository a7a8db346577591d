import { z } from 'zod';
import { toClientDescription } from '../client-views.ts';
import { adminOperation } from '../operation.ts';
import { paginate } from '../paginate.ts';

const Input = z.object({
  UserPoolId: z.string(),
  MaxResults: z.int().min(1).max(60).default(60),
  NextToken: z.string().optional(),
});

export const listUserPoolClients = adminOperation(Input, (pool, { MaxResults: limit, NextToken: token }) => {
  const page = paginate(pool.state.clients.values(), ({ id }) => id, { limit, token });
  return { UserPoolClients: page.items.map(toClientDescription), NextToken: page.next };
});
