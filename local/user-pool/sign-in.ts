import { randomUUID } from 'node:crypto';
import { CognitoError, incorrectCredentials, invalidParameter } from './errors.ts';
import { issueTokens, type TokenRequest } from './issue-tokens.ts';
import { isPassword } from './passwords.ts';
import type { Pool } from './pool.ts';
import { openSession } from './sessions.ts';
import type { User } from './state/state.ts';
import { assertEnabled, findUser, getUser } from './users.ts';

const CHALLENGE_MS = 3 * 60_000;

export type AuthParameters = Readonly<Record<string, string>>;

/** Throws InvalidParameterException when it is missing. */
export function getParameter(parameters: AuthParameters, name: string): string {
  const value = parameters[name];
  if (value === undefined) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

/**
 * Signs in by password. A temporary one answers with the NEW_PASSWORD_REQUIRED challenge. The password is looked at
 * first, so that only who knows it learns that a user is disabled or unconfirmed.
 */
export async function signInByPassword(pool: Pool, clientId: string, parameters: AuthParameters): Promise<object> {
  const username = getParameter(parameters, 'USERNAME');
  const password = getParameter(parameters, 'PASSWORD');
  const user = findUser(pool, username);
  if (!user || !(await isPassword(password, user.passwordHash))) throw incorrectCredentials();
  assertEnabled(user);
  if (user.status === 'UNCONFIRMED') throw new CognitoError('UserNotConfirmedException', 'User is not confirmed.');
  if (user.status === 'FORCE_CHANGE_PASSWORD') return challengeNewPassword(pool, user, clientId);
  return startSession(pool, user, { source: 'TokenGeneration_Authentication', clientId });
}

function challengeNewPassword(pool: Pool, user: User, clientId: string): object {
  const session = randomUUID();
  const expiresAt = new Date(pool.clock().getTime() + CHALLENGE_MS);
  pool.challenges.set(session, { sub: user.sub, clientId, expiresAt });
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: session,
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.sub,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(user.attributes),
    },
  };
}

/** Issues the first tokens of a new sign-in. */
export async function startSession(pool: Pool, user: User, request: TokenRequest): Promise<object> {
  const authTime = Math.floor(pool.clock().getTime() / 1000);
  const signIn = { originJti: randomUUID(), sub: user.sub, clientId: request.clientId, authTime };
  const tokens = await issueTokens(pool, user, signIn, request);
  // The trigger takes its time, and the user may have been disabled or deleted meanwhile.
  assertEnabled(getUser(pool, user.sub));
  return {
    AuthenticationResult: { ...tokens, RefreshToken: openSession(pool, signIn) },
    ChallengeParameters: {},
  };
}
