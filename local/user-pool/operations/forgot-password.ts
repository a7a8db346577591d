import { z } from 'zod';
import { sendCode, toDelivery } from '../codes.ts';
import { invalidParameter, notAuthorized } from '../errors.ts';
import { clientOperation } from '../operation.ts';
import { assertEnabled, findUser } from '../users.ts';

const Input = z.object({ ClientId: z.string(), Username: z.string() });

/** An unknown user gets the answer a known one gets, and no mail. */
export const forgotPassword = clientOperation(Input, (pool, { Username }) => {
  const user = findUser(pool, Username);
  if (!user) return { CodeDeliveryDetails: toDelivery(Username) };
  assertEnabled(user);
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  if (user.attributes['email_verified'] !== 'true') {
    throw invalidParameter(
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
  }
  return { CodeDeliveryDetails: sendCode(pool, user, 'password') };
});
