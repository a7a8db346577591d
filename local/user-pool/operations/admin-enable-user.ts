import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { getUser, updateUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string() });

export const adminEnableUser = adminOperation(Input, (pool, { Username }) => {
  updateUser(pool, getUser(pool, Username).sub, { enabled: true });
  return {};
});
