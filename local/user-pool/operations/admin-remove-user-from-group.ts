import { z } from 'zod';
import { getGroup } from '../groups.ts';
import { adminOperation } from '../operation.ts';
import { getUser, updateUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string(), GroupName: z.string() });

export const adminRemoveUserFromGroup = adminOperation(Input, (pool, { Username, GroupName }) => {
  const user = getUser(pool, Username);
  const { name } = getGroup(pool, GroupName);
  updateUser(pool, user.sub, { groups: user.groups.filter((group) => group !== name) });
  return {};
});
