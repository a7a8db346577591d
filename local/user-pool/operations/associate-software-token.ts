import { z } from 'zod';
import { putChallenge, takeChallenge } from '../challenges/challenges.ts';
import { tokenOrSessionOperation } from '../operation.ts';
import { createTotpSecret, startEnrolment } from '../totp.ts';

const Input = z.object({ AccessToken: z.string().optional(), Session: z.string().optional() });

/** Within MFA_SETUP the secret stays with the challenge: nothing of the user's changes before a code has shown it. */
export const associateSoftwareToken = tokenOrSessionOperation(Input, {
  byToken: (pool, _input, { sub }) => ({ SecretCode: startEnrolment(pool, sub) }),
  bySession: (pool, _input, session) => {
    const { user: _, ...challenge } = takeChallenge(pool, { session, clientId: null }, 'MFA_SETUP');
    const secret = createTotpSecret();
    return {
      SecretCode: secret,
      Session: putChallenge(pool, { ...challenge, enrolment: { secret, isVerified: false } }),
    };
  },
});
