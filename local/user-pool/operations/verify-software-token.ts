import { z } from 'zod';
import { verifyInSession } from '../challenges/verify-in-session.ts';
import { tokenOrSessionOperation } from '../operation.ts';
import { verifyEnrolment } from '../totp.ts';

const Input = z.object({
  AccessToken: z.string().optional(),
  Session: z.string().optional(),
  UserCode: z.string().regex(/^\d{6}$/u, 'Member must satisfy regular expression pattern: [0-9]+'),
});

/** By access token the app is proven and not yet in use: SetUserMFAPreference turns it on. */
export const verifySoftwareToken = tokenOrSessionOperation(Input, {
  byToken: (pool, { UserCode }, user) => {
    verifyEnrolment(pool, user, UserCode);
    return { Status: 'SUCCESS' };
  },
  bySession: (pool, { UserCode }, session) => ({
    Status: 'SUCCESS',
    Session: verifyInSession(pool, session, UserCode),
  }),
});
