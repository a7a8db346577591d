import { z } from 'zod';

/** What Cognito makes ids of app clients of. */
export const AppClientId = z.string().regex(/^[\w+]{1,128}$/, 'That is not the id of an app client.');
