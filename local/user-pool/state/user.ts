import { z } from 'zod';

const Code = z
  .object({
    purpose: z.enum(['sign-up', 'email', 'password']),
    value: z.string(),
    expiresAt: z.iso.datetime(),
    wrongTries: z.int(),
  })
  .readonly();

const Totp = z
  .object({
    /** Base32, as an authenticator app takes it. */
    secret: z.string(),
    /** False until a code has shown that the user's app holds the secret. */
    isVerified: z.boolean(),
    isEnabled: z.boolean(),
    isPreferred: z.boolean(),
    /** The time step of the last code taken: a code is good once, RFC 6238 §5.2. */
    lastStep: z.int(),
  })
  .readonly();

/** What SRP needs in place of a password, both as hex. */
const SrpVerifier = z.object({ salt: z.string(), verifier: z.string() }).readonly();

export const User = z
  .object({
    sub: z.uuid(),
    attributes: z.record(z.string(), z.string()).readonly(),
    status: z.enum(['UNCONFIRMED', 'CONFIRMED', 'FORCE_CHANGE_PASSWORD']),
    enabled: z.boolean(),
    passwordHash: z.string().nullable(),
    /** Null for a user of an older file, until a password shows what it would be. */
    srp: SrpVerifier.nullable().default(null),
    totp: Totp.nullable().default(null),
    groups: z.array(z.string()).readonly(),
    codes: z.array(Code).readonly(),
    createdAt: z.iso.datetime(),
    modifiedAt: z.iso.datetime(),
  })
  .readonly();

export type Code = z.infer<typeof Code>;
export type Totp = z.infer<typeof Totp>;
export type SrpVerifier = z.infer<typeof SrpVerifier>;
export type User = z.infer<typeof User>;
