import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

// RFC 3526 §4, written out: what the pool computes is not held against itself.
const PRIME = `FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF`.replaceAll('\n', '');
const N = BigInt(`0x${PRIME}`);
const G = 2n;

export type SrpClient = {
  readonly prime: string;
  readonly publicKey: string;
  /** The responses to PASSWORD_VERIFIER. */
  readonly answer: (parameters: Record<string, string>, password: string) => Record<string, string>;
};

/** The client's half of Cognito's SRP, for answers that no library would give. aws-amplify proves the pool right elsewhere. */
export function createSrpClient(poolName: string): SrpClient {
  const secret = BigInt(`0x${randomBytes(32).toString('hex')}`);
  const publicKey = power(G, secret);
  return {
    prime: PRIME,
    publicKey: publicKey.toString(16),
    answer: ({ SALT = '', SRP_B = '', SECRET_BLOCK = '', USER_ID_FOR_SRP: id = '' }, password) => {
      const [salt, server] = [BigInt(`0x${SALT}`), BigInt(`0x${SRP_B}`)];
      const u = hash(pad(publicKey), pad(server));
      const identity = createHash('sha256').update(`${poolName}${id}:${password}`).digest();
      const x = hash(pad(salt), identity);
      const base = (server - ((hash(pad(N), pad(G)) * power(G, x)) % N) + N) % N;
      const shared = power(base, secret + u * x);
      const key = Buffer.from(hkdfSync('sha256', pad(shared), pad(u), 'Caldera Derived Key', 16));
      const time = toTimestamp(new Date());
      const block = Buffer.from(SECRET_BLOCK, 'base64');
      const signed = createHmac('sha256', key).update(`${poolName}${id}`).update(block).update(time).digest('base64');
      return {
        USERNAME: id,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: signed,
        TIMESTAMP: time,
      };
    },
  };
}

/** `Tue Nov 3 09:05:07 UTC 2026` */
function toTimestamp(now: Date): string {
  const [weekday = '', day, month, year, time] = now.toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${Number(day)} ${time} UTC ${year}`;
}

function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  const half = power((base * base) % N, exponent >> 1n);
  return exponent & 1n ? (base * half) % N : half;
}

function pad(number: bigint): Buffer {
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

function hash(...parts: readonly Buffer[]): bigint {
  return BigInt(`0x${createHash('sha256').update(Buffer.concat(parts)).digest('hex')}`);
}
