import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { paginate } from '../paginate.ts';
import { toGroupType } from '../user-views.ts';

const Input = z.object({
  UserPoolId: z.string(),
  Limit: z.int().min(1).max(60).default(60),
  NextToken: z.string().optional(),
});

export const listGroups = adminOperation(Input, (pool, { Limit: limit, NextToken: token }) => {
  const page = paginate(pool.state.groups.values(), ({ name }) => name, { limit, token });
  return { Groups: page.items.map(toGroupType), NextToken: page.next };
});
