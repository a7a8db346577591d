import { z } from 'zod';
import { getGroup } from '../groups.ts';
import { adminOperation } from '../operation.ts';
import { paginate } from '../paginate.ts';
import { toGroupType } from '../user-views.ts';
import { getUser } from '../users.ts';

const Input = z.object({
  UserPoolId: z.string(),
  Username: z.string(),
  Limit: z.int().min(1).max(60).default(60),
  NextToken: z.string().optional(),
});

export const adminListGroupsForUser = adminOperation(Input, (pool, { Username, Limit: limit, NextToken: token }) => {
  const groups = getUser(pool, Username).groups.map((name) => getGroup(pool, name));
  const page = paginate(groups, ({ name }) => name, { limit, token });
  return { Groups: page.items.map(toGroupType), NextToken: page.next };
});
