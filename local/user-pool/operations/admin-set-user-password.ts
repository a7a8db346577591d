import { z } from 'zod';
import { toCredentials } from '../credentials.ts';
import { adminOperation } from '../operation.ts';
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
  const status = Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
  updateUser(pool, sub, { ...(await toCredentials(sub, Password)), status });
  return {};
});
