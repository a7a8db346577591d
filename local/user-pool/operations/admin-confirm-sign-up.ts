import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { notAuthorized } from '../errors.ts';
import { adminOperation } from '../operation.ts';
import { postConfirmation } from '../triggers/post-confirmation.ts';
import { getUser, updateUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string(), ClientMetadata: StringMap.optional() });

/** Confirms the user and proves nothing of the address: `email_verified` stays what it was. */
export const adminConfirmSignUp = adminOperation(Input, async (pool, { Username, ClientMetadata: clientMetadata }) => {
  const user = getUser(pool, Username);
  if (user.status !== 'UNCONFIRMED') {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
  }
  const confirmed = updateUser(pool, user.sub, { status: 'CONFIRMED' });
  const source = 'PostConfirmation_ConfirmSignUp';
  await postConfirmation(pool, confirmed, { source, clientId: null, clientMetadata });
  return {};
});
