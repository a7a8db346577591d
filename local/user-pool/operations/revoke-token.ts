import { z } from 'zod';
import { CognitoError } from '../errors.ts';
import { clientOperation } from '../operation.ts';
import { findSession, revokeSession } from '../sessions.ts';

const Input = z.object({ ClientId: z.string(), Token: z.string() });

/** Ends the sign-in that a refresh token belongs to. An unknown token is no error, RFC 7009 §2.2. */
export const revokeToken = clientOperation(Input, (pool, { Token }, { id }) => {
  if (Token.split('.').length === 3) {
    throw new CognitoError('UnsupportedTokenTypeException', 'Unsupported token type');
  }
  const session = findSession(pool, Token);
  if (session?.clientId === id) revokeSession(pool, session);
  return {};
});
