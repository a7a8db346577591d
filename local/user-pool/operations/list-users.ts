import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { paginate } from '../paginate.ts';
import { toUserFilter } from '../user-filter.ts';
import { toUserType } from '../user-views.ts';

const Input = z.object({
  UserPoolId: z.string(),
  Filter: z.string().max(256).default(''),
  Limit: z.int().min(1).max(60).default(60),
  PaginationToken: z.string().optional(),
});

export const listUsers = adminOperation(Input, (pool, { Filter, Limit: limit, PaginationToken: token }) => {
  const matching = [...pool.state.users.values()].filter(toUserFilter(Filter));
  const page = paginate(matching, ({ sub }) => sub, { limit, token });
  return { Users: page.items.map(toUserType), PaginationToken: page.next };
});
