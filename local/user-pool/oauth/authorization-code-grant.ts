import type { Pool } from '../pool.ts';
import { issueFirstTokens } from '../sign-in.ts';
import type { Client } from '../state/state.ts';
import { isSpentOnce, spendCode } from './authorization-codes.ts';
import { OAuthError } from './oauth-error.ts';
import { toTokenAnswer } from './token-answer.ts';

/** The answer to a code, RFC 6749 §4.1.3. Throws OAuthError, and CognitoError where the trigger refuses. */
export async function grantAuthorizationCode(pool: Pool, client: Client, form: URLSearchParams): Promise<object> {
  if (!client.oauthFlows.includes('code')) throw new OAuthError('unauthorized_client');
  const { nonce, ...signIn } = spendCode(pool, client, form);
  // The trigger takes its time, and the code may have come a second time meanwhile.
  const isStillGood = () => isSpentOnce(pool, form.get('code'));
  const { originJti, sub, authTime, scopes, context } = signIn;
  const tokens = await issueFirstTokens(
    pool,
    { originJti, sub, authTime, scopes, context, clientId: client.id },
    { source: 'TokenGeneration_HostedAuth', clientId: client.id, nonce, withAccessTokenHash: true },
    isStillGood,
  );
  if (!isStillGood()) throw new OAuthError('invalid_grant');
  return toTokenAnswer(tokens, scopes);
}
