import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { CognitoError, invalidParameter, notAuthorized } from '../errors.ts';
import { clientOperation } from '../operation.ts';
import { assertPasswordPolicy, hashPassword } from '../passwords.ts';
import type { Pool } from '../pool.ts';
import { getParameter, startSession } from '../sign-in.ts';
import type { User } from '../state/state.ts';
import { assertEnabled, getUser, updateUser } from '../users.ts';

const Input = z.object({
  ClientId: z.string(),
  ChallengeName: z.string(),
  Session: z.string(),
  ChallengeResponses: StringMap.default({}),
  ClientMetadata: StringMap.optional(),
});

/** Knows NEW_PASSWORD_REQUIRED alone: the pool has no second factor. */
export const respondToAuthChallenge = clientOperation(Input, async (pool, input, { id: clientId }) => {
  if (input.ChallengeName !== 'NEW_PASSWORD_REQUIRED') throw invalidParameter('Unsupported challenge.');
  const password = getParameter(input.ChallengeResponses, 'NEW_PASSWORD');
  assertPasswordPolicy(password);
  const { sub } = takeChallenge(pool, clientId, input.Session);
  const passwordHash = await hashPassword(password);
  const user = updateUser(pool, sub, { passwordHash, status: 'CONFIRMED' });
  const { ClientMetadata: clientMetadata } = input;
  return startSession(pool, user, { source: 'TokenGeneration_NewPasswordChallenge', clientId, clientMetadata });
});

function takeChallenge(pool: Pool, clientId: string, session: string): User {
  const challenge = pool.challenges.get(session);
  if (challenge?.clientId !== clientId)
    throw new CognitoError('CodeMismatchException', 'Invalid session for the user.');
  pool.challenges.delete(session);
  if (challenge.expiresAt <= pool.clock()) throw notAuthorized('Invalid session for the user, session is expired.');
  const user = getUser(pool, challenge.sub);
  assertEnabled(user);
  return user;
}
