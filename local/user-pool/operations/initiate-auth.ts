import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { assertFlow, flowNotEnabled } from '../clients.ts';
import { clientOperation } from '../operation.ts';
import { signInByPassword } from '../password-flow.ts';
import { refreshByFlow } from '../refresh.ts';
import { startSrp } from '../srp-sign-in.ts';

const Input = z.object({ ClientId: z.string(), AuthFlow: z.string(), AuthParameters: StringMap.default({}) });

/** Takes no ClientMetadata: Cognito hands this operation's to other triggers, never to pre token generation. */
export const initiateAuth = clientOperation(Input, (pool, { AuthFlow, AuthParameters }, client) => {
  assertFlow(client, AuthFlow);
  switch (AuthFlow) {
    case 'USER_PASSWORD_AUTH':
      return signInByPassword(pool, client.id, AuthParameters);
    case 'USER_SRP_AUTH':
      return startSrp(pool, client.id, AuthParameters);
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      return refreshByFlow(pool, client.id, AuthParameters);
    default:
      throw flowNotEnabled(AuthFlow);
  }
});
