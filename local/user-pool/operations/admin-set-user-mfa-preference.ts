import { z } from 'zod';
import { MfaPreference, setMfaPreference } from '../mfa-preference.ts';
import { adminOperation } from '../operation.ts';
import { getUser } from '../users.ts';

const Input = z.object({ ...MfaPreference, UserPoolId: z.string(), Username: z.string() });

export const adminSetUserMfaPreference = adminOperation(Input, (pool, input) =>
  setMfaPreference(pool, getUser(pool, input.Username), input),
);
