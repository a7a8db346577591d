import { z } from 'zod';
import { AttributeList, toOwnAttributes } from '../attributes.ts';
import { sendCode } from '../codes.ts';
import { userOperation } from '../operation.ts';
import { changeAttributes, toEmail } from '../users.ts';

const Input = z.object({ AccessToken: z.string(), UserAttributes: AttributeList.min(1) });

/** A new e-mail address holds at once, unverified, and gets a code: Cognito's behaviour unless told to keep the old one. */
export const updateUserAttributes = userOperation(Input, (pool, { UserAttributes }, user) => {
  const changed = changeAttributes(pool, user, toOwnAttributes(UserAttributes));
  const moved = toEmail(changed) !== toEmail(user);
  return { CodeDeliveryDetailsList: moved ? [sendCode(pool, changed, 'email')] : [] };
});
