import { z } from 'zod';
import { userOperation } from '../operation.ts';
import { dropSessions } from '../sessions.ts';

const Input = z.object({ AccessToken: z.string() });

/** No trigger tells of it, in Cognito neither. */
export const deleteUser = userOperation(Input, (pool, _input, user) => {
  pool.state.users.delete(user.sub);
  dropSessions(pool, user.sub);
  return {};
});
