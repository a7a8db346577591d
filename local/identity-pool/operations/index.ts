import type { Operation } from '../../user-pool/operation.ts';
import { getCredentialsForIdentity } from './get-credentials-for-identity.ts';
import { getId } from './get-id.ts';

/** Every operation of the identity pool, by its name on the wire. */
export const IDENTITY_OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    GetCredentialsForIdentity: getCredentialsForIdentity,
    GetId: getId,
  }),
);
