import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { LOCAL_POOL } from './constants.ts';
import type { SrpExchange } from './pending.ts';
import type { SrpVerifier } from './state/state.ts';

// Cognito's group: 3072 bits, generator 2 (RFC 5054 appendix A, whose prime is that of RFC 3526 §4).
const N = toNumber(getDiffieHellman('modp15').getPrime());
const G = 2n;
const K = hashToNumber(pad(N), pad(G));
/** What a pool calls itself in SRP: the part of its id after the region. */
const POOL_NAME = LOCAL_POOL.poolId.slice(LOCAL_POOL.region.length + 1);

/** What is kept of a password for SRP, RFC 5054 §2.4 with Cognito's identity: pool name and user id, without a separator. */
export function createSrpVerifier(userId: string, password: string, salt: Buffer = randomBytes(16)): SrpVerifier {
  const identity = createHash('sha256').update(`${POOL_NAME}${userId}:${password}`).digest();
  const saltNumber = toNumber(salt);
  const x = hashToNumber(pad(saltNumber), identity);
  return { salt: saltNumber.toString(16), verifier: power(G, x).toString(16) };
}

/** The server's pair of keys for one exchange, RFC 5054 §2.5.3. */
export function createServerKeys(verifier: bigint): Pick<SrpExchange, 'serverPrivate' | 'serverPublic'> {
  const serverPrivate = toNumber(randomBytes(32));
  return { serverPrivate, serverPublic: (K * verifier + power(G, serverPrivate)) % N };
}

/** The client's public key out of its hex; null for one that RFC 5054 §2.5.4 wants refused. */
export function toClientPublic(hex: string): bigint | null {
  if (!/^[0-9a-f]{1,800}$/iu.test(hex)) return null;
  const key = BigInt(`0x${hex}`);
  return key % N === 0n ? null : key;
}

type Claim = { readonly secretBlock: string; readonly timestamp: string; readonly signature: string };

/** Whether the other side knew the password: its signature needs the key that both sides can derive only then. */
export function isSrpClaimGood(exchange: SrpExchange, { secretBlock, timestamp, signature }: Claim): boolean {
  const expected = createHmac('sha256', deriveKey(exchange))
    .update(`${POOL_NAME}${exchange.userId}`)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function deriveKey({ clientPublic, serverPublic, serverPrivate, verifier }: SrpExchange): Buffer {
  const u = hashToNumber(pad(clientPublic), pad(serverPublic));
  const shared = power((clientPublic * power(verifier, u)) % N, serverPrivate);
  return Buffer.from(hkdfSync('sha256', pad(shared), pad(u), 'Caldera Derived Key', 16));
}

/**
 * `base ** exponent mod N`. By hand, because node:crypto tests the group for two seconds before it raises anything; seven
 * milliseconds for 256 bits of exponent, and in no constant time: a stand-in on one's own machine has nobody to hide from.
 */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, rest] = [base % N, exponent]; rest > 0n; square = (square * square) % N, rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
  }
  return result;
}

/** Whole bytes, and a zero byte first where the number would read as a negative one: so does every Cognito client. */
function pad(number: bigint): Buffer {
  const bytes = toBytes(number);
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

function toBytes(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function hashToNumber(...parts: readonly Buffer[]): bigint {
  return toNumber(createHash('sha256').update(Buffer.concat(parts)).digest());
}
