import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { assertFlow, assertPublic, flowNotEnabled, getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';
import { signInByPassword } from '../password-flow.ts';
import { refreshByFlow } from '../refresh.ts';

const Input = z.object({
  UserPoolId: z.string(),
  ClientId: z.string(),
  AuthFlow: z.string(),
  AuthParameters: StringMap.default({}),
});

export const adminInitiateAuth = adminOperation(Input, (pool, { ClientId, AuthFlow, AuthParameters }) => {
  const client = getClient(pool, ClientId);
  assertPublic(client);
  assertFlow(client, AuthFlow);
  switch (AuthFlow) {
    case 'ADMIN_USER_PASSWORD_AUTH':
      return signInByPassword(pool, client.id, AuthParameters);
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      return refreshByFlow(pool, client.id, AuthParameters);
    default:
      throw flowNotEnabled(AuthFlow);
  }
});
