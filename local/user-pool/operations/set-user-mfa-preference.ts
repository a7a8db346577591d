import { z } from 'zod';
import { MfaPreference, setMfaPreference } from '../mfa-preference.ts';
import { userOperation } from '../operation.ts';

const Input = z.object({ ...MfaPreference, AccessToken: z.string() });

export const setUserMfaPreference = userOperation(Input, (pool, input, user) => setMfaPreference(pool, user, input));
