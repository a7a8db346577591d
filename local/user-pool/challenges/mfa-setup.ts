import { notAuthorized } from '../errors.ts';
import type { Pool } from '../pool.ts';
import type { Answer } from './answer.ts';
import { finish, takeChallenge } from './challenges.ts';

/** Throws NotAuthorizedException before VerifySoftwareToken has said SUCCESS in this session. */
export async function respondToMfaSetup(pool: Pool, answer: Answer): Promise<object> {
  const { user, ...challenge } = takeChallenge(pool, answer, 'MFA_SETUP');
  if (!challenge.enrolment?.isVerified)
    throw notAuthorized('Software token MFA has not been verified in this session.');
  return finish(pool, user, challenge, answer);
}
