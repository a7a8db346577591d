import { assertPasswordPolicy, hashPassword } from './passwords.ts';
import { createSrpVerifier } from './srp.ts';
import type { User } from './state/state.ts';

/** What is kept of a password of that user. Throws InvalidPasswordException. */
export async function toCredentials(sub: string, password: string): Promise<Pick<User, 'passwordHash' | 'srp'>> {
  assertPasswordPolicy(password);
  return { passwordHash: await hashPassword(password), srp: createSrpVerifier(sub, password) };
}
