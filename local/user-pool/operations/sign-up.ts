import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AttributeList, isEmail, StringMap, toAttributes, toOwnAttributes } from '../attributes.ts';
import { sendCode } from '../codes.ts';
import { toCredentials } from '../credentials.ts';
import { invalidParameter } from '../errors.ts';
import { clientOperation } from '../operation.ts';
import { assertPasswordPolicy } from '../passwords.ts';
import { postConfirmation } from '../triggers/post-confirmation.ts';
import { preSignUp } from '../triggers/pre-sign-up.ts';
import { assertEmailFree, insertUser } from '../users.ts';

const Input = z.object({
  ClientId: z.string(),
  Username: z.string(),
  Password: z.string().max(256),
  UserAttributes: AttributeList.default([]),
  ValidationData: z.array(z.object({ Name: z.string(), Value: z.string().default('') })).optional(),
  ClientMetadata: StringMap.optional(),
});

export const signUp = clientOperation(Input, async (pool, input, { id: clientId }) => {
  const attributes = toSignUpAttributes(input);
  assertPasswordPolicy(input.Password);
  assertEmailFree(pool, input.Username);
  const sub = randomUUID();
  const { ValidationData, ClientMetadata: clientMetadata } = input;
  const validationData = ValidationData
    ? Object.fromEntries(ValidationData.map(({ Name, Value }) => [Name, Value]))
    : null;
  const source = 'PreSignUp_SignUp';
  const answer = await preSignUp(pool, { source, userName: sub, clientId, attributes, validationData, clientMetadata });
  const user = insertUser(pool, {
    sub,
    attributes: { ...attributes, email_verified: String(answer.autoVerifyEmail) },
    status: answer.autoConfirmUser ? 'CONFIRMED' : 'UNCONFIRMED',
    ...(await toCredentials(sub, input.Password)),
  });
  if (!answer.autoConfirmUser) {
    return { UserConfirmed: false, UserSub: sub, CodeDeliveryDetails: sendCode(pool, user, 'sign-up') };
  }
  await postConfirmation(pool, user, { source: 'PostConfirmation_ConfirmSignUp', clientId, clientMetadata });
  return { UserConfirmed: true, UserSub: sub };
});

function toSignUpAttributes({ Username, UserAttributes }: z.infer<typeof Input>) {
  if (!isEmail(Username)) throw invalidParameter('Username should be an email.');
  const given = toOwnAttributes(UserAttributes);
  if (given['email'] !== undefined && given['email'].toLowerCase() !== Username.toLowerCase()) {
    throw invalidParameter('The email attribute differs from the username.');
  }
  return { ...given, ...toAttributes([{ Name: 'email', Value: Username }]) };
}
