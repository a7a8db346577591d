import { z } from 'zod';
import { userOperation } from '../operation.ts';
import { revokeAllSessions } from '../sessions.ts';

const Input = z.object({ AccessToken: z.string() });

export const globalSignOut = userOperation(Input, (pool, _input, user) => {
  revokeAllSessions(pool, user.sub);
  return {};
});
