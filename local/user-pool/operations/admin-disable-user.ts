import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { dropSignOns } from '../pending.ts';
import { revokeAllSessions } from '../sessions.ts';
import { getUser, updateUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string() });

/** Ends every sign-in for good: enabling the user again brings none of them back. */
export const adminDisableUser = adminOperation(Input, (pool, { Username }) => {
  const { sub } = updateUser(pool, getUser(pool, Username).sub, { enabled: false });
  revokeAllSessions(pool, sub);
  dropSignOns(pool.pending, sub);
  return {};
});
