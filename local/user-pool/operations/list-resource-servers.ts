import { z } from 'zod';
import { toResourceServerType } from '../client-views.ts';
import { adminOperation } from '../operation.ts';
import { paginate } from '../paginate.ts';

const Input = z.object({
  UserPoolId: z.string(),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});

export const listResourceServers = adminOperation(Input, (pool, { MaxResults: limit, NextToken: token }) => {
  const page = paginate(pool.state.resourceServers.values(), ({ identifier }) => identifier, { limit, token });
  return { ResourceServers: page.items.map(toResourceServerType), NextToken: page.next };
});
