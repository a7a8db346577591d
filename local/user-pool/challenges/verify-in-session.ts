import { CognitoError, notAuthorized } from '../errors.ts';
import type { Pool } from '../pool.ts';
import { findStep, isTotpAsked, toEnrolled, totpNotEnabled } from '../totp.ts';
import { updateUser } from '../users.ts';
import { keepForAnotherTry, putChallenge, takeChallenge } from './challenges.ts';

/**
 * Enrols the app whose first code this is, and gives the `Session` that then answers MFA_SETUP. Throws
 * EnableSoftwareTokenMFAException, SoftwareTokenMFANotFoundException before AssociateSoftwareToken, and
 * NotAuthorizedException where another app was enrolled meanwhile: an old challenge must not put one in its place.
 */
export function verifyInSession(pool: Pool, session: string, code: string): string {
  const { user, ...challenge } = takeChallenge(pool, { session, clientId: null }, 'MFA_SETUP');
  const secret = challenge.enrolment?.secret;
  if (secret === undefined) {
    throw new CognitoError('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.');
  }
  if (isTotpAsked(pool, user)) throw notAuthorized('Invalid session for the user.');
  const step = findStep(pool, secret, code);
  if (step === null) {
    keepForAnotherTry(pool, session, challenge);
    throw totpNotEnabled();
  }
  updateUser(pool, user.sub, { totp: toEnrolled(secret, step) });
  return putChallenge(pool, { ...challenge, enrolment: { secret, isVerified: true } });
}
