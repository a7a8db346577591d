import { createHmac, randomBytes } from 'node:crypto';
import { invalidParameter } from './errors.ts';
import { putPending } from './pending.ts';
import type { Pool } from './pool.ts';
import { type AuthParameters, getParameter } from './sign-in.ts';
import { createServerKeys, createSrpVerifier, toClientPublic } from './srp.ts';
import type { SrpVerifier } from './state/state.ts';
import { findUser } from './users.ts';

const EXCHANGE_MS = 3 * 60_000;

/**
 * The first half of SRP. Who is not there gets a salt and an id too, the same each time: nothing tells him from who is.
 * Throws InvalidParameterException for a key that RFC 5054 wants refused.
 */
export function startSrp(pool: Pool, clientId: string, parameters: AuthParameters): object {
  const username = getParameter(parameters, 'USERNAME');
  const clientPublic = toClientPublic(getParameter(parameters, 'SRP_A'));
  if (clientPublic === null) throw invalidParameter('SRP_A is not valid.');
  const user = findUser(pool, username);
  const userId = user?.sub ?? toDecoyId(pool, username);
  const { salt, verifier } = user?.srp ?? toDecoy(pool, userId);
  const keys = createServerKeys(BigInt(`0x${verifier}`));
  const secretBlock = randomBytes(64).toString('base64');
  const expiresAt = new Date(pool.clock().getTime() + EXCHANGE_MS);
  const known = { sub: user?.srp ? user.sub : null, userId, clientId, verifier: BigInt(`0x${verifier}`) };
  putPending(pool.pending.srpExchanges, [secretBlock, { ...known, ...keys, clientPublic, expiresAt }], pool.clock());
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: salt,
      SRP_B: keys.serverPublic.toString(16),
      SECRET_BLOCK: secretBlock,
      USERNAME: userId,
      USER_ID_FOR_SRP: userId,
    },
  };
}

/** The form of a `sub`, out of the name in any case of letters. */
function toDecoyId(pool: Pool, username: string): string {
  const hex = toDigest(pool, `id ${username.toLowerCase()}`).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function toDecoy(pool: Pool, userId: string): SrpVerifier {
  return createSrpVerifier(userId, '', toDigest(pool, `salt ${userId}`).subarray(0, 16));
}

function toDigest({ state }: Pool, text: string): Buffer {
  return createHmac('sha256', state.decoySecret).update(text).digest();
}
