import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AttributeList, isEmail, StringMap, toAttributes } from '../attributes.ts';
import { toCredentials } from '../credentials.ts';
import { invalidParameter } from '../errors.ts';
import { adminOperation } from '../operation.ts';
import { assertPasswordPolicy, randomPassword } from '../passwords.ts';
import { preSignUp } from '../triggers/pre-sign-up.ts';
import { toUserType } from '../user-views.ts';
import { assertEmailFree, insertUser } from '../users.ts';

const Input = z.object({
  UserPoolId: z.string(),
  Username: z.string(),
  UserAttributes: AttributeList.default([]),
  TemporaryPassword: z.string().max(256).optional(),
  MessageAction: z.literal('SUPPRESS').optional(),
  ClientMetadata: StringMap.optional(),
});

/** What the PreSignUp trigger says of confirming and verifying counts for nothing here, as in Cognito. */
export const adminCreateUser = adminOperation(Input, async (pool, input) => {
  const { Username, TemporaryPassword: password = randomPassword(), ClientMetadata: clientMetadata } = input;
  if (!isEmail(Username)) throw invalidParameter('Username should be an email.');
  const attributes = { ...toAttributes(input.UserAttributes), email: Username };
  assertPasswordPolicy(password);
  assertEmailFree(pool, Username);
  const sub = randomUUID();
  const source = 'PreSignUp_AdminCreateUser';
  const event = { source, userName: sub, clientId: null, attributes, validationData: null, clientMetadata } as const;
  await preSignUp(pool, event);
  const credentials = await toCredentials(sub, password);
  const user = insertUser(pool, { ...credentials, sub, attributes, status: 'FORCE_CHANGE_PASSWORD' });
  if (input.MessageAction !== 'SUPPRESS') {
    const text = `Your username is ${Username} and your temporary password is ${password}`;
    pool.mailbox.deliver({ to: Username, subject: 'Your temporary password', text, code: password });
  }
  return { User: toUserType(user) };
});
