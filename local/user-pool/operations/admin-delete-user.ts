import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { dropSessions } from '../sessions.ts';
import { getUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string() });

export const adminDeleteUser = adminOperation(Input, (pool, { Username }) => {
  const { sub } = getUser(pool, Username);
  pool.state.users.delete(sub);
  dropSessions(pool, sub);
  return {};
});
