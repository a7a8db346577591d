import { z } from 'zod';

/** What Cognito makes ids of app clients of. */
export const APP_CLIENT_ID = /^[\w+]{1,128}$/;

export const AppClientId = z.string().regex(APP_CLIENT_ID, 'That is not the id of an app client.');
