import { createHash } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';

export type Sealer = {
  /** Encrypts it for one place alone: `subject` names a row or a purpose, and opens it again. */
  seal(payload: Readonly<Record<string, unknown>>, subject: string, expiresAt: Date): Promise<string>;
  /** What was sealed for this place; null when it was not, is too old, or was changed. */
  open(sealed: string, subject: string): Promise<Readonly<Record<string, unknown>> | null>;
};

/**
 * Seals with the first of the keys and opens with every one, so that they can be rotated. Keys are 32 bytes in base64. JWE
 * (RFC 7516) with `dir` and A256GCM (RFC 7518 §4.5, §5.3).
 */
export function createSealer(keys: readonly [string, ...string[]]): Sealer {
  const known = new Map(keys.map((key) => [toKeyId(key), Buffer.from(key, 'base64')]));
  const [newest] = keys;
  const [kid, secret] = [toKeyId(newest), Buffer.from(newest, 'base64')];
  return {
    seal: (payload, subject, expiresAt) =>
      new EncryptJWT(payload)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
        .setSubject(subject)
        .setExpirationTime(expiresAt)
        .encrypt(secret),
    open: async (sealed, subject) => {
      const options = {
        subject,
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
      };
      try {
        const { payload } = await jwtDecrypt(
          sealed,
          ({ kid }: { readonly kid?: string }) => getKey(known, kid),
          options,
        );
        return payload;
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}

function getKey(known: ReadonlyMap<string, Buffer>, kid: string | undefined): Buffer {
  const key = known.get(kid ?? '');
  if (key === undefined) throw new errors.JWEDecryptionFailed();
  return key;
}

function toKeyId(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 8);
}
