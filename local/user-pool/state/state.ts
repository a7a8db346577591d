import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Mail } from '../../mailbox/mailbox.ts';
import { Client } from './client.ts';
import { Session } from './session.ts';
import { User } from './user.ts';

export type { Client, ClientSecret, Rotation } from './client.ts';
export type { AuthenticationContext, Session } from './session.ts';
export type { Code, SrpVerifier, Totp, User } from './user.ts';

const SigningKey = z.object({ kid: z.string(), jwk: z.record(z.string(), z.unknown()) }).readonly();

const KeyRing = z.object({ access: SigningKey, id: SigningKey, former: z.array(SigningKey).readonly() }).readonly();

const Group = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    precedence: z.int().optional(),
    createdAt: z.iso.datetime(),
  })
  .readonly();

const ResourceServer = z
  .object({
    identifier: z.string(),
    name: z.string(),
    scopes: z.array(z.object({ name: z.string(), description: z.string() }).readonly()).readonly(),
  })
  .readonly();

const MfaConfiguration = z.enum(['OFF', 'OPTIONAL', 'ON']);

/** The file's form. What is new has a default, so that old files load; one they do not fit needs another `version`. */
export const StoredState = z.object({
  version: z.literal(1),
  keys: KeyRing,
  users: z.array(User),
  groups: z.array(Group),
  sessions: z.array(Session),
  mails: z.array(Mail),
  clients: z.array(Client).default([]),
  resourceServers: z.array(ResourceServer).default([]),
  mfa: MfaConfiguration.default('OPTIONAL'),
  /** Keeps what SRP answers for a user who is not there the same from one asking to the next. */
  decoySecret: z.string().default(() => randomBytes(32).toString('base64url')),
});

export type SigningKey = z.infer<typeof SigningKey>;
export type KeyRing = z.infer<typeof KeyRing>;
export type Group = z.infer<typeof Group>;
export type MfaConfiguration = z.infer<typeof MfaConfiguration>;
export type ResourceServer = z.infer<typeof ResourceServer>;
export type StoredState = z.infer<typeof StoredState>;

/** What the pool knows. Records are replaced, never changed, so a record held across an `await` is only stale. */
export type PoolState = {
  keys: KeyRing;
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly sessions: Map<string, Session>;
  readonly clients: Map<string, Client>;
  readonly resourceServers: Map<string, ResourceServer>;
  mfa: MfaConfiguration;
  readonly decoySecret: string;
};
