import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { revokeAllSessions } from '../sessions.ts';
import { getUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string() });

export const adminUserGlobalSignOut = adminOperation(Input, (pool, { Username }) => {
  revokeAllSessions(pool, getUser(pool, Username).sub);
  return {};
});
