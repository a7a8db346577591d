import { z } from 'zod';
import { userOperation } from '../operation.ts';
import { toAllAttributes, toMfaSettings } from '../user-views.ts';

const Input = z.object({ AccessToken: z.string() });

export const getUser = userOperation(Input, (_pool, _input, user) => ({
  Username: user.sub,
  UserAttributes: toAllAttributes(user),
  ...toMfaSettings(user),
}));
