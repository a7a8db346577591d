import { generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';

/** Text and bytes are encoded as they stand, anything else as JSON: a forged part need not be JSON at all. */
export type Part = string | Uint8Array | object;

export type Forge = {
  readonly poolId: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly subject: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The key set its pool publishes. */
  readonly jwks: { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
  /** A compact token with a real signature by the published key, whatever it says. */
  sign(payload: Part, header?: Part): string;
  /** Claims of a good token of a user, issued now and good for an hour. Undefined takes one out. */
  userClaims(changes?: object): Record<string, unknown>;
  /** The same of a machine. */
  machineClaims(changes?: object): Record<string, unknown>;
};

export type ForgeOptions = {
  readonly poolId?: string;
  readonly clientId?: string;
  readonly subject?: string;
  readonly kid?: string;
};

const TENANT = '22222222-2222-4222-8222-222222222222';

/** A pool's signing key, and everything it takes to make tokens of it. */
export function createForge(options: ForgeOptions = {}): Forge {
  const { poolId = 'eu-west-1_Pool', clientId = 'web', subject = randomUUID(), kid = 'key' } = options;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer = `https://cognito-idp.${poolId.split('_')[0]}.amazonaws.com/${poolId}`;
  const forge = { poolId, issuer, clientId, subject };
  return {
    ...forge,
    privateKey,
    publicKey,
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] },
    sign: (payload, header = { alg: 'RS256', kid }) =>
      signWith([header, payload], (input) => sign('sha256', input, privateKey)),
    userClaims: (changes) => ({ ...toUserClaims(forge), ...changes }),
    machineClaims: (changes) => ({ ...toMachineClaims(forge), ...changes }),
  };
}

/** The parts, and what `toSignature` makes of them. */
export function signWith(parts: readonly Part[], toSignature: (input: Buffer) => Uint8Array): string {
  const input = parts.map(encode).join('.');
  return `${input}.${Buffer.from(toSignature(Buffer.from(input))).toString('base64url')}`;
}

export function encode(part: Part): string {
  const bytes = typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString('base64url');
}

type Pool = Pick<Forge, 'issuer' | 'clientId' | 'subject'>;

function toUserClaims(pool: Pool) {
  return {
    ...toMachineClaims(pool),
    sub: pool.subject,
    username: pool.subject,
    scope: 'aws.cognito.signin.user.admin openid',
    origin_jti: randomUUID(),
    'cognito:groups': ['Users', 'TenantMembers'],
    tenant_role: 'MEMBER',
    membership_version: 1,
  };
}

function toMachineClaims({ issuer, clientId }: Pool) {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: clientId,
    iss: issuer,
    client_id: clientId,
    token_use: 'access',
    scope: 'tenantry/members.read',
    jti: randomUUID(),
    auth_time: now,
    iat: now,
    exp: now + 3600,
    version: 2,
    tenant_id: TENANT,
  };
}
