import type { JwkWithKid } from 'aws-jwt-verify/jwk';
import { z } from 'zod';
import { parseStrictJson } from './strict-json.ts';

export type Keys = ReadonlyMap<string, JwkWithKid>;

const MAX_BYTES = 64 * 1024;
const MIN_MODULUS_BITS = 2_048;

// RFC 7517 §4 and RFC 7518 §6.3, as narrow as Cognito is: RSA for RS256, public, and of no less than 2048 bits
// (RFC 7518 §3.3). Whose private half is published can sign for anybody.
const Key = z.looseObject({
  kty: z.literal('RSA'),
  kid: z.string().min(1).max(128),
  n: z.string().refine((n) => toBits(n) >= MIN_MODULUS_BITS),
  e: z.literal('AQAB'),
  use: z.literal('sig').optional(),
  alg: z.literal('RS256').optional(),
  d: z.undefined().optional(),
});
const KeySetDocument = z.object({ keys: z.array(z.unknown()).max(50) });

/**
 * Fetches a key set. Redirects, bodies over 64 KiB and answers that take longer than `timeoutMs` count as none. Rejects
 * without a good key.
 */
export async function fetchKeys(url: string, timeoutMs: number): Promise<Keys> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`key set: answered ${response.status}`);
  return toKeys(await readCapped(response));
}

/** The usable keys of a key set document; the others are as if they were not there. Throws Error when none is left. */
export function toKeys(document: Uint8Array): Keys {
  if (document.length > MAX_BYTES) throw tooLarge();
  const { keys } = KeySetDocument.parse(parseStrictJson(document));
  const good = keys.flatMap((key) => Key.safeParse(key).data ?? []);
  if (good.length === 0) throw new Error('key set: holds no usable key');
  // aws-jwt-verify remembers key objects by the `kid` it is handed: the modulus is a name no other key can take over.
  const byId = new Map(good.map(({ kid, n, e }) => [kid, { kty: 'RSA', alg: 'RS256', use: 'sig', kid: n, n, e }]));
  if (byId.size < good.length) throw new Error('key set: one kid for two keys');
  return byId;
}

async function readCapped(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    // Leaving the loop cancels the body, so no more of it is read.
    if (bytes > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Error {
  return new Error(`key set: over ${MAX_BYTES} bytes`);
}

function toBits(modulus: string): number {
  const bytes = Buffer.from(modulus, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}
