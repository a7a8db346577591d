import { z } from 'zod';
import { redeemCode } from '../codes.ts';
import { userOperation } from '../operation.ts';
import { updateUser } from '../users.ts';

const Input = z.object({ AccessToken: z.string(), AttributeName: z.literal('email'), Code: z.string() });

export const verifyUserAttribute = userOperation(Input, (pool, { Code }, user) => {
  redeemCode(pool, user, 'email', Code);
  updateUser(pool, user.sub, { attributes: { ...user.attributes, email_verified: 'true' } });
  return {};
});
