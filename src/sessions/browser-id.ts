import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
const ID = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits in base64url, which say nothing, and what is kept of them: whoever reads the database can show none. */
export function createBrowserId(): { readonly id: string; readonly hash: string } {
  const id = randomBytes(BYTES).toString('base64url');
  return { id, hash: toHash(id) };
}

/** The same of what a browser shows; null for what never was an id. */
export function findHash(shown: string): string | null {
  return ID.test(shown) ? toHash(shown) : null;
}

function toHash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
