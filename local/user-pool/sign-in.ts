import { randomUUID } from 'node:crypto';
import { toCredentials } from './credentials.ts';
import { CognitoError, incorrectCredentials, invalidParameter } from './errors.ts';
import { issueTokens, type TokenRequest, type Tokens } from './issue-tokens.ts';
import { isPassword } from './passwords.ts';
import type { Pool } from './pool.ts';
import { openSession, type SignIn } from './sessions.ts';
import type { User } from './state/state.ts';
import { assertEnabled, findUser, getUser, updateUser } from './users.ts';

export type AuthParameters = Readonly<Record<string, string>>;

/** Throws InvalidParameterException when it is missing. */
export function getParameter(parameters: AuthParameters, name: string): string {
  const value = parameters[name];
  if (value === undefined) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

/**
 * The user whose password this is. Throws NotAuthorizedException and UserNotConfirmedException. The password is looked at
 * first, so that only who knows it learns that a user is disabled or unconfirmed.
 */
export async function checkPassword(pool: Pool, username: string, password: string): Promise<User> {
  const user = findUser(pool, username);
  if (!user || !(await isPassword(password, user.passwordHash))) throw incorrectCredentials();
  assertMaySignIn(user);
  return user.srp === null ? learnVerifier(pool, user, password) : user;
}

/** Throws NotAuthorizedException for a disabled user, and UserNotConfirmedException. */
export function assertMaySignIn(user: User): void {
  assertEnabled(user);
  if (user.status === 'UNCONFIRMED') throw new CognitoError('UserNotConfirmedException', 'User is not confirmed.');
}

/** A user of an older state file has no SRP verifier: nothing but the password itself gives one. */
async function learnVerifier(pool: Pool, user: User, password: string): Promise<User> {
  const { srp } = await toCredentials(user.sub, password);
  return updateUser(pool, user.sub, { srp });
}

export function toSeconds(now: Date): number {
  return Math.floor(now.getTime() / 1000);
}

/** Issues the first tokens of a new sign-in by the API. */
export async function startSession(pool: Pool, user: User, request: TokenRequest): Promise<object> {
  const authTime = toSeconds(pool.clock());
  const { clientId } = request;
  const signIn = { originJti: randomUUID(), sub: user.sub, clientId, authTime, scopes: null, context: null };
  const tokens = await issueFirstTokens(pool, signIn, request);
  return { AuthenticationResult: tokens, ChallengeParameters: {} };
}

/** Opens the session these tokens belong to, unless its user is disabled or deleted while the trigger is asked. */
export async function issueFirstTokens(
  pool: Pool,
  signIn: SignIn,
  request: TokenRequest,
  isStillWanted: () => boolean = () => true,
): Promise<Tokens> {
  const tokens = await issueTokens(pool, getUser(pool, signIn.sub), signIn, request);
  assertEnabled(getUser(pool, signIn.sub));
  return isStillWanted() ? { ...tokens, RefreshToken: openSession(pool, signIn) } : tokens;
}
