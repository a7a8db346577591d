import { createHash, randomBytes } from 'node:crypto';
import { parse as toBytes, stringify as toUuid } from 'uuid';

/** What is known of an invitation by its secret alone: where to look, and for what. */
export type SecretAddress = { readonly tenantId: string; readonly hash: string };

// A prefix, for tools that look for secrets in places where none may be.
const PREFIX = 'inv_';
const TENANT_BYTES = 16;
const RANDOM_BYTES = 32;
// 48 bytes are 64 characters without one bit to spare: no second spelling of a secret is read as the first.
const SECRET = /^inv_[\w-]{64}$/;
const NOWHERE = '00000000-0000-0000-0000-000000000000';

/**
 * A new secret of 256 random bits. It carries its tenant, so that it is looked for within that tenant's reach and nowhere
 * else. Only `hash` is ever kept.
 */
export function createSecret(tenantId: string): { readonly secret: string; readonly hash: string } {
  const bytes = Buffer.concat([toBytes(tenantId), randomBytes(RANDOM_BYTES)]);
  const secret = `${PREFIX}${bytes.toString('base64url')}`;
  return { secret, hash: toHash(secret) };
}

/**
 * Where to look for what this text opens. What cannot be a secret leads to where nothing is, so that it costs the same
 * look-up. The hash is compared in an index, whose timing tells of a hash nobody can steer and nothing of the secret.
 */
export function readSecret(text: string): SecretAddress {
  const hash = toHash(text);
  if (!SECRET.test(text)) return { tenantId: NOWHERE, hash };
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  return { tenantId: toTenantId(bytes.subarray(0, TENANT_BYTES)), hash };
}

// No tenant has an id that is no UUID, and the library makes text of no other.
function toTenantId(bytes: Uint8Array): string {
  try {
    return toUuid(bytes);
  } catch {
    return NOWHERE;
  }
}

function toHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
