import type { Attributes } from './attributes.ts';
import { CognitoError, notAuthorized } from './errors.ts';
import type { Pool } from './pool.ts';
import type { User } from './state/state.ts';

/** The user of that e-mail address, in any case of letters, or of that `sub`. */
export function findUser(pool: Pool, username: string): User | undefined {
  return pool.state.users.get(username) ?? findByEmail(pool, username);
}

/** Throws UserNotFoundException. */
export function getUser(pool: Pool, username: string): User {
  const user = findUser(pool, username);
  if (!user) throw new CognitoError('UserNotFoundException', 'User does not exist.');
  return user;
}

function findByEmail(pool: Pool, email: string): User | undefined {
  const wanted = email.toLowerCase();
  return [...pool.state.users.values()].find((user) => toEmail(user).toLowerCase() === wanted);
}

export function toEmail(user: User): string {
  return user.attributes['email'] ?? '';
}

/** Throws UsernameExistsException. */
export function assertEmailFree(pool: Pool, email: string): void {
  if (findByEmail(pool, email)) {
    throw new CognitoError('UsernameExistsException', 'An account with the given email already exists.');
  }
}

export function assertEnabled(user: User): void {
  if (!user.enabled) throw notAuthorized('User is disabled.');
}

export type NewUser = Pick<User, 'sub' | 'attributes' | 'status' | 'passwordHash' | 'srp'>;

/** Throws UsernameExistsException, also for two at a time: between the test and the insertion nothing else runs. */
export function insertUser(pool: Pool, user: NewUser): User {
  assertEmailFree(pool, user.attributes['email'] ?? '');
  const now = pool.clock().toISOString();
  const created = { ...user, enabled: true, groups: [], codes: [], totp: null, createdAt: now, modifiedAt: now };
  pool.state.users.set(user.sub, created);
  return created;
}

/** Changes what stands now, not what the caller read. Throws UserNotFoundException for a user deleted meanwhile. */
export function updateUser(pool: Pool, sub: string, change: Partial<Omit<User, 'sub'>>): User {
  const updated = { ...getUser(pool, sub), ...change, modifiedAt: pool.clock().toISOString() };
  pool.state.users.set(sub, updated);
  return updated;
}

/**
 * A new address is unproven until a code or an administrator says otherwise, and codes sent to the old one are void.
 * Throws AliasExistsException when another user has the address.
 */
export function changeAttributes(pool: Pool, user: User, changes: Attributes): User {
  const email = changes['email'];
  if (email === undefined || email === toEmail(user)) {
    return updateUser(pool, user.sub, { attributes: { ...user.attributes, ...changes } });
  }
  const holder = findByEmail(pool, email);
  if (holder && holder.sub !== user.sub) {
    throw new CognitoError('AliasExistsException', 'An account with the email already exists.');
  }
  const attributes = { ...user.attributes, email_verified: 'false', ...changes };
  return updateUser(pool, user.sub, { attributes, codes: [] });
}
