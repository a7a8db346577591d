import { incorrectCredentials, invalidParameter } from '../errors.ts';
import type { Pool } from '../pool.ts';
import { assertMaySignIn, getParameter } from '../sign-in.ts';
import { isSrpClaimGood } from '../srp.ts';
import { getUser } from '../users.ts';
import type { Answer } from './answer.ts';
import { proceed } from './challenges.ts';

/** `Tue Nov 3 09:05:07 UTC 2026`, as every Cognito client writes it. */
const TIMESTAMP = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}$/u;

/**
 * The second half of SRP. Needs no `Session`: the secret block names the exchange, and is good once. Throws
 * NotAuthorizedException in the same words whether the password is wrong or nobody has that name.
 */
export async function respondToPasswordVerifier(pool: Pool, answer: Answer): Promise<object> {
  const { clientId, responses, clientMetadata } = answer;
  const secretBlock = getParameter(responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const signature = getParameter(responses, 'PASSWORD_CLAIM_SIGNATURE');
  const timestamp = getParameter(responses, 'TIMESTAMP');
  if (!TIMESTAMP.test(timestamp))
    throw invalidParameter('TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english');
  const exchange = pool.pending.srpExchanges.get(secretBlock);
  pool.pending.srpExchanges.delete(secretBlock);
  if (exchange?.clientId !== clientId || exchange.expiresAt <= pool.clock()) throw incorrectCredentials();
  const isGood = isSrpClaimGood(exchange, { secretBlock, timestamp, signature });
  if (!isGood || exchange.sub === null) throw incorrectCredentials();
  const user = getUser(pool, exchange.sub);
  // The password may have been replaced since the first half.
  if (user.srp?.verifier !== exchange.verifier.toString(16)) throw incorrectCredentials();
  assertMaySignIn(user);
  return proceed(pool, user, { source: 'TokenGeneration_Authentication', clientId, clientMetadata });
}
