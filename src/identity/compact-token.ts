import { z } from 'zod';
import { InvalidTokenError, readAs } from './invalid-token.ts';
import { parseStrictJson } from './strict-json.ts';

export type CompactToken = {
  /** `kid`: which of the pool's keys is said to have signed. */
  readonly keyId: string;
  readonly claims: Readonly<Record<string, unknown>>;
};

// What Cognito puts in a header, and nothing else: `crit`, `jwk`, `jku`, `x5u`, `x5c`, `zip` and `b64` (RFC 7515 §4.1,
// RFC 7797) would each ask the reader to do something, and whoever forges a token is the one asking.
const Header = z.strictObject({
  alg: z.literal('RS256'),
  kid: z.string().min(1).max(128),
  typ: z.literal('JWT').optional(),
});
const Payload = z.record(z.string(), z.unknown());

/**
 * Takes a JWS in compact form apart (RFC 7515 §7.1) without believing any of it. Throws InvalidTokenError or
 * StrictJsonError, naming the rule: three parts in canonical base64url, strict JSON, an allowed header.
 */
export function readCompactToken(token: string): CompactToken {
  const parts = token.split('.');
  const [header, payload, signature] = parts.map(decodeCanonical);
  if (parts.length !== 3 || !header || !payload || !signature) throw new InvalidTokenError('token: not three parts');
  const { kid } = readAs(Header, 'header', parseStrictJson(header));
  return { keyId: kid, claims: readAs(Payload, 'claims', parseStrictJson(payload)) };
}

// RFC 4648 §3.5: the last character may carry spare bits. Unless they are zero, other texts would decode to the same
// signature, and one token would go by many names.
function decodeCanonical(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (part === '' || bytes.toString('base64url') !== part)
    throw new InvalidTokenError('token: not canonical base64url');
  return bytes;
}
