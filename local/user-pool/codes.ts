import { randomInt } from 'node:crypto';
import { LOCAL_POOL } from './constants.ts';
import { CognitoError, codeMismatch, expiredCode } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Code, User } from './state/state.ts';
import { toEmail, updateUser } from './users.ts';

type Purpose = Code['purpose'];

const TEXTS: Readonly<Record<Purpose, readonly [subject: string, sentence: string]>> = {
  'sign-up': ['Confirm your account', 'Your confirmation code is'],
  email: ['Verify your e-mail address', 'Your verification code is'],
  password: ['Reset your password', 'Your password reset code is'],
};

/** Mails a new code in place of any earlier one for the same purpose, and says where it went. */
export function sendCode(pool: Pool, user: User, purpose: Purpose): object {
  const value = String(randomInt(1_000_000)).padStart(6, '0');
  const expiresAt = new Date(pool.clock().getTime() + LOCAL_POOL.codeHours * 3_600_000).toISOString();
  updateUser(pool, user.sub, { codes: [...without(user, purpose), { purpose, value, expiresAt, wrongTries: 0 }] });
  const [subject, sentence] = TEXTS[purpose];
  pool.mailbox.deliver({ to: toEmail(user), subject, text: `${sentence} ${value}.`, code: value });
  return toDelivery(toEmail(user));
}

/** `CodeDeliveryDetails` for an address, whether anything was sent there or not. */
export function toDelivery(email: string): object {
  const [name = '', domain = ''] = email.split('@');
  return {
    Destination: `${name.slice(0, 1)}***@${domain.slice(0, 1)}***`,
    DeliveryMedium: 'EMAIL',
    AttributeName: 'email',
  };
}

/** Spends a code. Throws ExpiredCodeException, LimitExceededException or CodeMismatchException; the last counts. */
export function redeemCode(pool: Pool, user: User, purpose: Purpose, given: string): void {
  const code = user.codes.find((one) => one.purpose === purpose);
  if (!code || Date.parse(code.expiresAt) <= pool.clock().getTime()) throw expiredCode();
  if (code.wrongTries >= LOCAL_POOL.codeTries) {
    throw new CognitoError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
  }
  const rest = without(user, purpose);
  if (code.value !== given) {
    updateUser(pool, user.sub, { codes: [...rest, { ...code, wrongTries: code.wrongTries + 1 }] });
    throw codeMismatch();
  }
  updateUser(pool, user.sub, { codes: rest });
}

function without(user: User, purpose: Purpose): readonly Code[] {
  return user.codes.filter((code) => code.purpose !== purpose);
}
