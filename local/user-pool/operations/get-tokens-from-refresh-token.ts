import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { clientOperation } from '../operation.ts';
import { refreshTokens } from '../refresh.ts';
import { getRefreshable, rotateRefreshToken } from '../sessions.ts';

const Input = z.object({ ClientId: z.string(), RefreshToken: z.string(), ClientMetadata: StringMap.optional() });

/** ClientMetadata reaches the pre token generation trigger: this is how a session changes its tenant. */
export const getTokensFromRefreshToken = clientOperation(Input, async (pool, input, { id }) => {
  const tokens = await refreshTokens(pool, id, input.RefreshToken, input.ClientMetadata);
  if (!pool.refreshRotation) return { AuthenticationResult: tokens };
  const RefreshToken = rotateRefreshToken(pool, getRefreshable(pool, id, input.RefreshToken));
  return { AuthenticationResult: { ...tokens, RefreshToken } };
});
