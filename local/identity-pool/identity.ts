import { createHash } from 'node:crypto';
import { LOCAL_POOL } from '../user-pool/constants.ts';
import { LOCAL_IDENTITY_POOL } from './constants.ts';

/** The name of a user in the identity pool: made of his own, so that it is the same for good with nothing to keep. */
export function toIdentityId(sub: string): string {
  const hex = createHash('sha256').update(`${LOCAL_IDENTITY_POOL.id} ${sub}`).digest('hex');
  const [, ...groups] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(hex) ?? [];
  return `${LOCAL_POOL.region}:${groups.join('-')}`;
}
