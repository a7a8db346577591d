import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { redeemCode } from '../codes.ts';
import { toCredentials } from '../credentials.ts';
import { codeMismatch } from '../errors.ts';
import { clientOperation } from '../operation.ts';
import { assertPasswordPolicy } from '../passwords.ts';
import { postConfirmation } from '../triggers/post-confirmation.ts';
import { findUser, updateUser } from '../users.ts';

const Input = z.object({
  ClientId: z.string(),
  Username: z.string(),
  ConfirmationCode: z.string(),
  Password: z.string().max(256),
  ClientMetadata: StringMap.optional(),
});

export const confirmForgotPassword = clientOperation(Input, async (pool, input, { id: clientId }) => {
  const user = findUser(pool, input.Username);
  if (!user) throw codeMismatch();
  assertPasswordPolicy(input.Password);
  redeemCode(pool, user, 'password', input.ConfirmationCode);
  const credentials = await toCredentials(user.sub, input.Password);
  const confirmed = updateUser(pool, user.sub, { ...credentials, status: 'CONFIRMED' });
  const source = 'PostConfirmation_ConfirmForgotPassword';
  await postConfirmation(pool, confirmed, { source, clientId, clientMetadata: input.ClientMetadata });
  return {};
});
