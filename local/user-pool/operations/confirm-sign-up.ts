import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { redeemCode } from '../codes.ts';
import { expiredCode, notAuthorized } from '../errors.ts';
import { clientOperation } from '../operation.ts';
import { postConfirmation } from '../triggers/post-confirmation.ts';
import { findUser, updateUser } from '../users.ts';

const Input = z.object({
  ClientId: z.string(),
  Username: z.string(),
  ConfirmationCode: z.string(),
  ClientMetadata: StringMap.optional(),
});

export const confirmSignUp = clientOperation(Input, async (pool, input, { id: clientId }) => {
  const user = findUser(pool, input.Username);
  if (!user) throw expiredCode();
  if (user.status !== 'UNCONFIRMED') {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
  }
  redeemCode(pool, user, 'sign-up', input.ConfirmationCode);
  const attributes = { ...user.attributes, email_verified: 'true' };
  const confirmed = updateUser(pool, user.sub, { attributes, status: 'CONFIRMED' });
  const source = 'PostConfirmation_ConfirmSignUp';
  await postConfirmation(pool, confirmed, { source, clientId, clientMetadata: input.ClientMetadata });
  return {};
});
