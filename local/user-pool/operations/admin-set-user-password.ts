import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { assertPasswordPolicy, hashPassword } from '../passwords.ts';
import { getUser, updateUser } from '../users.ts';

const Input = z.object({
  UserPoolId: z.string(),
  Username: z.string(),
  Password: z.string().max(256),
  Permanent: z.boolean().default(false),
});

/** A permanent password confirms the user, and no trigger tells of it. */
export const adminSetUserPassword = adminOperation(Input, async (pool, { Username, Password, Permanent }) => {
  const { sub } = getUser(pool, Username);
  assertPasswordPolicy(Password);
  const status = Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
  updateUser(pool, sub, { passwordHash: await hashPassword(Password), status });
  return {};
});
