import { z } from 'zod';
import { resourceNotFound } from '../../user-pool/errors.ts';
import { type Operation, parseInput } from '../../user-pool/operation.ts';
import { LOCAL_IDENTITY_POOL } from '../constants.ts';
import { Logins, readLogins } from '../id-token.ts';
import { toIdentityId } from '../identity.ts';

const Input = z.object({
  IdentityPoolId: z.string().regex(/^[\w-]+:[0-9a-f-]+$/, 'Member must satisfy regular expression pattern'),
  Logins: Logins.optional(),
});

/** Throws ResourceNotFoundException for another pool, NotAuthorizedException. */
export const getId: Operation = {
  needsSignature: false,
  run: async (pool, body) => {
    const input = parseInput(Input, body);
    if (input.IdentityPoolId !== LOCAL_IDENTITY_POOL.id) {
      throw resourceNotFound(`IdentityPool '${input.IdentityPoolId}' not found.`);
    }
    const { sub } = await readLogins(pool, input.Logins);
    return { IdentityId: toIdentityId(sub) };
  },
};
