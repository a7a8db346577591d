import { LOCAL_POOL } from '../constants.ts';
import { CognitoError } from '../errors.ts';
import { replaceMailedPassword } from '../mailed-password.ts';
import type { Login, SignOn } from '../pending.ts';
import type { Pool } from '../pool.ts';
import { checkPassword, toSeconds } from '../sign-in.ts';
import type { User } from '../state/state.ts';
import { createTotpSecret, findStep, redeemTotp, toEnrolled } from '../totp.ts';
import { assertEnabled, getUser, updateUser } from '../users.ts';
import { findNextStep } from './login.ts';

export type Outcome =
  | { readonly kind: 'next'; readonly login: Login }
  | { readonly kind: 'done'; readonly signOn: SignOn };

const BOTH_FACTORS = ['pwd', 'otp', 'mfa'];

/** Takes what was entered at the login's step. Throws CognitoError with the sentence to show; the step stays open then. */
export async function submit(pool: Pool, login: Login, form: URLSearchParams): Promise<Outcome> {
  const field = (name: string) => form.get(name) ?? '';
  if (login.proven === null) {
    const user = await checkPassword(pool, field('username'), field('password'));
    return goOn(pool, login, { sub: user.sub, authTime: toSeconds(pool.clock()), amr: ['pwd'] });
  }
  const user = getUser(pool, login.proven.sub);
  assertEnabled(user);
  if (login.step === 'new-password') return choosePassword(pool, login, login.proven, field('new_password'));
  // The user may have enrolled an app elsewhere meanwhile: whoever holds an old form must not enrol his own in its place.
  if (findNextStep(pool, user, login.request, login.proven) !== login.step) return goOn(pool, login, login.proven);
  enterCode(pool, login, user, field('code').replaceAll(' ', ''));
  return goOn(pool, login, { ...login.proven, amr: BOTH_FACTORS });
}

function goOn(pool: Pool, login: Login, proven: SignOn): Outcome {
  const step = findNextStep(pool, getUser(pool, proven.sub), login.request, proven);
  if (step === null) {
    pool.pending.logins.delete(login.id);
    return { kind: 'done', signOn: proven };
  }
  const totpSecret = step === 'enrol' ? (login.totpSecret ?? createTotpSecret()) : null;
  return { kind: 'next', login: keep(pool, { ...login, step, proven, totpSecret, wrongTries: 0 }) };
}

/** Where another form was first, what this one proved is a password that is no longer good. */
async function choosePassword(pool: Pool, login: Login, proven: SignOn, password: string): Promise<Outcome> {
  try {
    await replaceMailedPassword(pool, proven.sub, password);
  } catch (error) {
    if (getUser(pool, proven.sub).status !== 'FORCE_CHANGE_PASSWORD') beginAnew(pool, login);
    throw error;
  }
  return goOn(pool, login, proven);
}

function enterCode(pool: Pool, login: Login, user: User, code: string): void {
  try {
    if (login.totpSecret === null) redeemTotp(pool, user, code);
    else enrol(pool, user, login.totpSecret, code);
  } catch (error) {
    const wrongTries = login.wrongTries + 1;
    if (wrongTries >= LOCAL_POOL.codeTries) beginAnew(pool, login);
    else keep(pool, { ...login, wrongTries });
    throw error;
  }
}

function enrol(pool: Pool, { sub }: User, secret: string, code: string): void {
  const step = findStep(pool, secret, code);
  if (step === null) throw new CognitoError('CodeMismatchException', 'Invalid code received for user');
  updateUser(pool, sub, { totp: toEnrolled(secret, step) });
}

function beginAnew(pool: Pool, login: Login): void {
  keep(pool, { ...login, step: 'password', proven: null, totpSecret: null });
}

function keep(pool: Pool, login: Login): Login {
  pool.pending.logins.set(login.id, login);
  return login;
}
