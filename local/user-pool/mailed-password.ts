import { toCredentials } from './credentials.ts';
import { notAuthorized } from './errors.ts';
import type { Pool } from './pool.ts';
import type { User } from './state/state.ts';
import { assertEnabled, getUser, updateUser } from './users.ts';

/**
 * Puts a password of the user's own in the place of the one he was sent. Once: a mail has more than one reader, and whoever
 * began with the mailed password and comes second must not undo the first. Throws InvalidPasswordException and
 * NotAuthorizedException.
 */
export async function replaceMailedPassword(pool: Pool, sub: string, password: string): Promise<User> {
  const credentials = await toCredentials(sub, password);
  // Looked at after the hashing, which takes its time: between here and the update nothing else runs.
  const user = getUser(pool, sub);
  assertEnabled(user);
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw notAuthorized('Invalid session for the user.');
  return updateUser(pool, sub, { ...credentials, status: 'CONFIRMED' });
}
