import { z } from 'zod';
import { sendCode, toDelivery } from '../codes.ts';
import { invalidParameter } from '../errors.ts';
import { clientOperation } from '../operation.ts';
import { findUser } from '../users.ts';

const Input = z.object({ ClientId: z.string(), Username: z.string() });

/** An unknown user gets the answer a known one gets, and no mail. */
export const resendConfirmationCode = clientOperation(Input, (pool, { Username }) => {
  const user = findUser(pool, Username);
  if (!user) return { CodeDeliveryDetails: toDelivery(Username) };
  if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
  return { CodeDeliveryDetails: sendCode(pool, user, 'sign-up') };
});
