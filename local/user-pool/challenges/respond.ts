import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { invalidParameter } from '../errors.ts';
import type { Pool } from '../pool.ts';
import type { Client } from '../state/state.ts';
import type { Answer } from './answer.ts';
import { respondToMfaSetup } from './mfa-setup.ts';
import { respondToNewPassword } from './new-password.ts';
import { respondToPasswordVerifier } from './password-verifier.ts';
import { respondToSoftwareToken } from './software-token.ts';

const CHALLENGES: ReadonlyMap<string, (pool: Pool, answer: Answer) => Promise<object>> = new Map([
  ['NEW_PASSWORD_REQUIRED', respondToNewPassword],
  ['SOFTWARE_TOKEN_MFA', respondToSoftwareToken],
  ['MFA_SETUP', respondToMfaSetup],
  ['PASSWORD_VERIFIER', respondToPasswordVerifier],
]);

/** What RespondToAuthChallenge and AdminRespondToAuthChallenge both take. */
export const ChallengeResponse = {
  ClientId: z.string(),
  ChallengeName: z.string(),
  Session: z.string().default(''),
  ChallengeResponses: StringMap.default({}),
  ClientMetadata: StringMap.optional(),
};

const Response = z.object(ChallengeResponse);

/** The next challenge, or the tokens. Throws what the challenge's own file says. */
export async function respond(pool: Pool, { id }: Client, input: z.output<typeof Response>): Promise<object> {
  const handle = CHALLENGES.get(input.ChallengeName);
  if (!handle) throw invalidParameter('Unsupported challenge.');
  const { Session: session, ChallengeResponses: responses, ClientMetadata: clientMetadata } = input;
  return handle(pool, { clientId: id, session, responses, clientMetadata });
}
