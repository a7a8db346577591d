import { Secret, TOTP } from 'otpauth';
import { CognitoError } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Totp, User } from './state/state.ts';
import { toEmail, updateUser } from './users.ts';

const PERIOD_SECONDS = 30;
/** Steps a code may be early or late, RFC 6238 §5.2. */
const WINDOW = 1;

/** As long as those that Cognito makes: 52 letters and digits. */
export function createTotpSecret(): string {
  return new Secret({ size: 32 }).base32;
}

/** What an authenticator app reads, as a QR code or as a link. */
export function toTotpUri(secret: string, user: User): string {
  return new TOTP({ issuer: 'tenantry-local', label: toEmail(user), secret, period: PERIOD_SECONDS }).toString();
}

/** A secret nothing has been proven of yet. In place of any other, which is off from now on: so does Cognito. */
export function startEnrolment(pool: Pool, sub: string): string {
  const secret = createTotpSecret();
  const totp = { secret, isVerified: false, isEnabled: false, isPreferred: false, lastStep: 0 };
  updateUser(pool, sub, { totp });
  return secret;
}

/** Whether a code shows that someone's app holds the secret: its time step, to be remembered. Null where it does not. */
export function findStep(pool: Pool, secret: string, code: string): number | null {
  const timestamp = pool.clock().getTime();
  const delta = TOTP.validate({
    token: code,
    secret: Secret.fromBase32(secret),
    period: PERIOD_SECONDS,
    timestamp,
    window: WINDOW,
  });
  return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}

/** Spends a code of the user's app. Throws CodeMismatchException, and ExpiredCodeException for one already spent. */
export function redeemTotp(pool: Pool, user: User, code: string): void {
  const { totp } = user;
  const step = totp && findStep(pool, totp.secret, code);
  if (totp === null || step === null) {
    throw new CognitoError('CodeMismatchException', 'Invalid code received for user');
  }
  if (step <= totp.lastStep) {
    throw new CognitoError('ExpiredCodeException', 'Your software token has already been used once.');
  }
  updateUser(pool, user.sub, { totp: { ...totp, lastStep: step } });
}

/** Whether a sign-in of this user is asked for a code. Where the pool insists, his own preference counts for nothing. */
export function isTotpAsked({ state }: Pool, { totp }: User): boolean {
  if (state.mfa === 'OFF' || totp === null) return false;
  return state.mfa === 'ON' ? totp.isVerified : totp.isEnabled;
}

/** Throws EnableSoftwareTokenMFAException, and SoftwareTokenMFANotFoundException before there is a secret. */
export function verifyEnrolment(pool: Pool, { sub, totp }: User, code: string): void {
  if (totp === null) {
    throw new CognitoError('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.');
  }
  const step = findStep(pool, totp.secret, code);
  if (step === null || step <= totp.lastStep) throw totpNotEnabled();
  updateUser(pool, sub, { totp: { ...totp, isVerified: true, lastStep: step } });
}

export function totpNotEnabled(): CognitoError {
  return new CognitoError('EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA');
}

/** An app whose first code was right, in use from now on. */
export function toEnrolled(secret: string, step: number): Totp {
  return { secret, isVerified: true, isEnabled: true, isPreferred: true, lastStep: step };
}
