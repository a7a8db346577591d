import { z } from 'zod';
import { sendCode } from '../codes.ts';
import { userOperation } from '../operation.ts';

const Input = z.object({ AccessToken: z.string(), AttributeName: z.literal('email') });

export const getUserAttributeVerificationCode = userOperation(Input, (pool, _input, user) => ({
  CodeDeliveryDetails: sendCode(pool, user, 'email'),
}));
