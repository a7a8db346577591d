import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { CognitoError } from './errors.ts';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };

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

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32, COST);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [salt, hash] = (stored ?? '').split('.').map((part) => Buffer.from(part, 'base64url'));
  if (salt === undefined || hash === undefined) return false;
  return timingSafeEqual(await derive(password, salt, hash.length, COST), hash);
}

/** A password nobody chose, which the policy accepts. */
export function randomPassword(): string {
  return `aA0-${randomBytes(9).toString('base64url')}`;
}
