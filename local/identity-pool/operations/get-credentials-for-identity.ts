import { z } from 'zod';
import { notAuthorized, resourceNotFound } from '../../user-pool/errors.ts';
import { type Operation, parseInput } from '../../user-pool/operation.ts';
import type { Pool } from '../../user-pool/pool.ts';
import { LOCAL_IDENTITY_POOL } from '../constants.ts';
import type { PrincipalTags } from '../credential-book.ts';
import { type IdClaims, Logins, readLogins } from '../id-token.ts';
import { toIdentityId } from '../identity.ts';

const Input = z.object({
  IdentityId: z.string().regex(/^[\w-]+:[0-9a-f-]+$/, 'Member must satisfy regular expression pattern'),
  Logins: Logins.optional(),
});

/** Throws ResourceNotFoundException for an identity nobody has, NotAuthorizedException for another's. */
export const getCredentialsForIdentity: Operation = {
  needsSignature: false,
  run: async (pool, body) => {
    const { IdentityId, Logins: logins } = parseInput(Input, body);
    const claims = await readLogins(pool, logins);
    if (IdentityId !== toIdentityId(claims.sub)) throw refuse(pool, IdentityId);
    return { IdentityId, Credentials: pool.credentials.issue(toTags(claims)) };
  },
};

function refuse(pool: Pool, identityId: string): Error {
  const isAnothers = [...pool.state.users.keys()].some((sub) => toIdentityId(sub) === identityId);
  return isAnothers
    ? notAuthorized(`Access to Identity '${identityId}' is forbidden.`)
    : resourceNotFound(`Identity '${identityId}' not found.`);
}

/** A claim that is not there makes no tag. */
function toTags(claims: IdClaims): PrincipalTags {
  const tags = Object.entries(LOCAL_IDENTITY_POOL.principalTags).map(([tag, claim]) => [tag, claims[claim]] as const);
  return Object.fromEntries(tags.flatMap(([tag, value]) => (value === undefined ? [] : [[tag, String(value)]])));
}
