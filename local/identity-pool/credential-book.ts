import { randomBytes } from 'node:crypto';
import { LOCAL_IDENTITY_POOL } from './constants.ts';

export type PrincipalTags = Readonly<Record<string, string>>;

/** `Credentials`; SDKs read `Expiration` in seconds since 1970. */
export type Credentials = {
  readonly AccessKeyId: string;
  readonly SecretKey: string;
  readonly SessionToken: string;
  readonly Expiration: number;
};

/** Credentials in the form of AWS's, good for nothing but to be asked about here. Forgotten when the pool stops. */
export type CredentialBook = {
  readonly issue: (tags: PrincipalTags) => Credentials;
  /** Null for credentials that were never issued, or are past their hour. */
  readonly findTags: (accessKeyId: string) => PrincipalTags | null;
};

export function createCredentialBook(clock: () => Date): CredentialBook {
  const issued = new Map<string, { readonly tags: PrincipalTags; readonly expiresAt: number }>();
  const now = () => Math.floor(clock().getTime() / 1000);
  const forgetPast = () => {
    for (const [key, { expiresAt }] of issued) if (expiresAt <= now()) issued.delete(key);
  };
  return {
    issue: (tags) => {
      forgetPast();
      const Expiration = now() + LOCAL_IDENTITY_POOL.credentialSeconds;
      const AccessKeyId = `ASIA${toBase32(randomBytes(16))}`;
      issued.set(AccessKeyId, { tags, expiresAt: Expiration });
      const [SecretKey, SessionToken] = [randomBytes(30), randomBytes(300)].map((bytes) => bytes.toString('base64'));
      return { AccessKeyId, SecretKey: String(SecretKey), SessionToken: String(SessionToken), Expiration };
    },
    findTags: (accessKeyId) => {
      forgetPast();
      return issued.get(accessKeyId)?.tags ?? null;
    },
  };
}

/** RFC 4648 §6, a character a byte. */
function toBase32(bytes: Buffer): string {
  return [...bytes].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}
