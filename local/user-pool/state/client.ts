import { z } from 'zod';

const ClientSecret = z.object({ id: z.string(), value: z.string(), createdAt: z.iso.datetime() }).readonly();

/** `graceSeconds`: how long a refresh token still works after it was first traded for another. */
const Rotation = z.object({ isEnabled: z.boolean(), graceSeconds: z.int().min(0).max(60) }).readonly();

export const Client = z
  .object({
    id: z.string(),
    name: z.string(),
    /** At most two, the oldest first. A client that has any is confidential for good. */
    secrets: z.array(ClientSecret).readonly(),
    /** `ALLOW_USER_PASSWORD_AUTH` and the like. */
    authFlows: z.array(z.string()).readonly(),
    oauthFlows: z.array(z.string()).readonly(),
    oauthScopes: z.array(z.string()).readonly(),
    callbackUrls: z.array(z.string()).readonly().default([]),
    logoutUrls: z.array(z.string()).readonly().default([]),
    /** `COGNITO`, or none: then the hosted page lets nobody in through this client. */
    identityProviders: z.array(z.string()).readonly().default([]),
    rotation: Rotation.default({ isEnabled: false, graceSeconds: 0 }),
    createdAt: z.iso.datetime(),
    modifiedAt: z.iso.datetime().optional(),
  })
  .readonly();

export type ClientSecret = z.infer<typeof ClientSecret>;
export type Rotation = z.infer<typeof Rotation>;
export type Client = z.infer<typeof Client>;
