import { randomUUID } from 'node:crypto';
import { LOCAL_POOL } from '../constants.ts';
import { CognitoError, notAuthorized } from '../errors.ts';
import { type Challenge, putPending } from '../pending.ts';
import type { Pool } from '../pool.ts';
import { startSession } from '../sign-in.ts';
import type { User } from '../state/state.ts';
import { isTotpAsked } from '../totp.ts';
import type { ClientMetadata } from '../triggers/pre-token-generation.ts';
import type { TokenSource } from '../triggers/token-source.ts';
import { assertEnabled, getUser } from '../users.ts';
import type { Answer } from './answer.ts';

const CHALLENGE_MS = 3 * 60_000;

type Progress = { readonly clientId: string; readonly source: TokenSource; readonly clientMetadata?: ClientMetadata };

/** What comes next for a user who has proven his password: a challenge, or the tokens. */
export function proceed(pool: Pool, user: User, progress: Progress): object | Promise<object> {
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    return challenge(pool, user, progress, 'NEW_PASSWORD_REQUIRED', {
      USER_ID_FOR_SRP: user.sub,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(user.attributes),
    });
  }
  if (isTotpAsked(pool, user)) {
    return challenge(pool, user, progress, 'SOFTWARE_TOKEN_MFA', { USER_ID_FOR_SRP: user.sub });
  }
  if (pool.state.mfa === 'ON') {
    const parameters = { USER_ID_FOR_SRP: user.sub, MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' };
    return challenge(pool, user, progress, 'MFA_SETUP', parameters);
  }
  return startSession(pool, user, progress);
}

function challenge(
  pool: Pool,
  { sub }: User,
  { clientId, source }: Progress,
  name: Challenge['name'],
  ChallengeParameters: object,
): object {
  const expiresAt = new Date(pool.clock().getTime() + CHALLENGE_MS);
  const opened = { name, sub, clientId, source, expiresAt, wrongTries: 0, enrolment: null };
  return { ChallengeName: name, Session: putChallenge(pool, opened), ChallengeParameters };
}

/** Gives the `Session` by which the challenge is answered. */
export function putChallenge(pool: Pool, opened: Challenge): string {
  const session = randomUUID();
  putPending(pool.pending.challenges, [session, opened], pool.clock());
  return session;
}

type Named = Pick<Answer, 'session'> & { readonly clientId: string | null };

/**
 * The challenge of that `Session`, spent by looking; `clientId` is null where an operation names no app client. Throws
 * CodeMismatchException and NotAuthorizedException.
 */
export function takeChallenge(
  pool: Pool,
  { session, clientId }: Named,
  name: Challenge['name'],
): Challenge & { readonly user: User } {
  const taken = pool.pending.challenges.get(session);
  if (taken?.name !== name || (clientId !== null && taken.clientId !== clientId)) {
    throw new CognitoError('CodeMismatchException', 'Invalid session for the user.');
  }
  pool.pending.challenges.delete(session);
  if (taken.expiresAt <= pool.clock()) throw notAuthorized('Invalid session for the user, session is expired.');
  const user = getUser(pool, taken.sub);
  assertEnabled(user);
  return { ...taken, user };
}

/** The tokens, after the last challenge. */
export function finish(pool: Pool, user: User, { source }: Challenge, answer: Answer): Promise<object> {
  const { clientId, clientMetadata } = answer;
  return startSession(pool, user, { source, clientId, clientMetadata });
}

/** Leaves a challenge open after a wrong answer, for as many tries as a mailed code has. */
export function keepForAnotherTry(pool: Pool, session: string, { wrongTries, ...taken }: Challenge): void {
  if (wrongTries + 1 < LOCAL_POOL.codeTries) {
    pool.pending.challenges.set(session, { ...taken, wrongTries: wrongTries + 1 });
  }
}
