import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { clientOperation } from '../operation.ts';
import { refreshTokens } from '../refresh.ts';

const Input = z.object({ ClientId: z.string(), RefreshToken: z.string(), ClientMetadata: StringMap.optional() });

/** ClientMetadata reaches the pre token generation trigger: this is how a session changes its tenant. */
export const getTokensFromRefreshToken = clientOperation(Input, async (pool, input, { id: clientId }) => {
  const { RefreshToken: refreshToken, ClientMetadata: clientMetadata } = input;
  return { AuthenticationResult: await refreshTokens(pool, { clientId, refreshToken, clientMetadata }) };
});
