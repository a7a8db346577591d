import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { invalidParameter } from '../errors.ts';
import { adminOperation, assertClient } from '../operation.ts';
import { refreshByFlow } from '../refresh.ts';
import { signInByPassword } from '../sign-in.ts';

const Input = z.object({
  UserPoolId: z.string(),
  ClientId: z.string(),
  AuthFlow: z.string(),
  AuthParameters: StringMap.default({}),
});

export const adminInitiateAuth = adminOperation(Input, (pool, { ClientId, AuthFlow, AuthParameters }) => {
  assertClient(ClientId);
  switch (AuthFlow) {
    case 'ADMIN_USER_PASSWORD_AUTH':
      return signInByPassword(pool, AuthParameters);
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      return refreshByFlow(pool, AuthParameters);
    default:
      throw invalidParameter(`${AuthFlow} flow not enabled for this client`);
  }
});
