import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { CognitoError } from './errors.ts';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
// A guess then costs as much as one at the SRP verifier, which is kept beside the hash (credentials.ts).
const COST = 2 ** 11;
/** The cost of a hash that does not name one: state files of former versions hold those. */
const FORMER_COST = 2 ** 14;

const POLICY: readonly (readonly [RegExp, string])[] = [
  [/^.{8,}$/su, 'Password not long enough'],
  [/[a-z]/u, 'Password must have lowercase characters'],
  [/[A-Z]/u, 'Password must have uppercase characters'],
  [/[0-9]/u, 'Password must have numeric characters'],
];

/** Throws InvalidPasswordException naming the first rule broken. */
export function assertPasswordPolicy(password: string): void {
  const broken = POLICY.find(([pattern]) => !pattern.test(password));
  if (broken) throw new CognitoError('InvalidPasswordException', `Password did not conform with policy: ${broken[1]}`);
}

/** `salt.hash.cost` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32, toOptions(COST));
  return [salt.toString('base64url'), hash.toString('base64url'), COST].join('.');
}

export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [salt, hash, cost = FORMER_COST] = (stored ?? '').split('.');
  if (salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64url');
  const options = toOptions(Number(cost));
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), expected.length, options), expected);
}

function toOptions(cost: number): ScryptOptions {
  return { N: cost, r: 8, p: 1 };
}

/** A password nobody chose, which the policy accepts. */
export function randomPassword(): string {
  return `aA0-${randomBytes(9).toString('base64url')}`;
}
