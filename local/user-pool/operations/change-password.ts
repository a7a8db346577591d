import { z } from 'zod';
import { toCredentials } from '../credentials.ts';
import { incorrectCredentials } from '../errors.ts';
import { userOperation } from '../operation.ts';
import { isPassword } from '../passwords.ts';
import { updateUser } from '../users.ts';

const Input = z.object({
  AccessToken: z.string(),
  PreviousPassword: z.string(),
  ProposedPassword: z.string().max(256),
});

export const changePassword = userOperation(Input, async (pool, input, user) => {
  if (!(await isPassword(input.PreviousPassword, user.passwordHash))) throw incorrectCredentials();
  updateUser(pool, user.sub, await toCredentials(user.sub, input.ProposedPassword));
  return {};
});
