import { z } from 'zod';
import { incorrectCredentials } from '../errors.ts';
import { userOperation } from '../operation.ts';
import { assertPasswordPolicy, hashPassword, isPassword } from '../passwords.ts';
import { updateUser } from '../users.ts';

const Input = z.object({
  AccessToken: z.string(),
  PreviousPassword: z.string(),
  ProposedPassword: z.string().max(256),
});

export const changePassword = userOperation(Input, async (pool, input, user) => {
  if (!(await isPassword(input.PreviousPassword, user.passwordHash))) throw incorrectCredentials();
  assertPasswordPolicy(input.ProposedPassword);
  updateUser(pool, user.sub, { passwordHash: await hashPassword(input.ProposedPassword) });
  return {};
});
