import { z } from 'zod';
import { Mail } from '../../mailbox/mailbox.ts';
import { LOCAL_POOL } from '../constants.ts';

const SigningKey = z.object({ kid: z.string(), jwk: z.record(z.string(), z.unknown()) }).readonly();

const KeyRing = z.object({ access: SigningKey, id: SigningKey, former: z.array(SigningKey).readonly() }).readonly();

const Code = z
  .object({
    purpose: z.enum(['sign-up', 'email', 'password']),
    value: z.string(),
    expiresAt: z.iso.datetime(),
    wrongTries: z.int(),
  })
  .readonly();

const User = z
  .object({
    sub: z.uuid(),
    attributes: z.record(z.string(), z.string()).readonly(),
    status: z.enum(['UNCONFIRMED', 'CONFIRMED', 'FORCE_CHANGE_PASSWORD']),
    enabled: z.boolean(),
    passwordHash: z.string().nullable(),
    groups: z.array(z.string()).readonly(),
    codes: z.array(Code).readonly(),
    createdAt: z.iso.datetime(),
    modifiedAt: z.iso.datetime(),
  })
  .readonly();

const Group = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    precedence: z.int().optional(),
    createdAt: z.iso.datetime(),
  })
  .readonly();

const Session = z
  .object({
    originJti: z.uuid(),
    sub: z.uuid(),
    clientId: z.string().default(LOCAL_POOL.clientId),
    /** Seconds since 1970, as `auth_time` says it. */
    authTime: z.int(),
    expiresAt: z.iso.datetime(),
    revoked: z.boolean(),
    refreshHash: z.string(),
    /** Hashes of refresh tokens rotated out, so that using one again is told from making one up. */
    spentHashes: z.array(z.string()).readonly(),
  })
  .readonly();

const ClientSecret = z.object({ id: z.string(), value: z.string(), createdAt: z.iso.datetime() }).readonly();

const Client = z
  .object({
    id: z.string(),
    name: z.string(),
    /** At most two, the oldest first. A client that has any is confidential for good. */
    secrets: z.array(ClientSecret).readonly(),
    /** `ALLOW_USER_PASSWORD_AUTH` and the like. */
    authFlows: z.array(z.string()).readonly(),
    oauthFlows: z.array(z.string()).readonly(),
    oauthScopes: z.array(z.string()).readonly(),
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
});

export type SigningKey = z.infer<typeof SigningKey>;
export type KeyRing = z.infer<typeof KeyRing>;
export type Code = z.infer<typeof Code>;
export type User = z.infer<typeof User>;
export type Group = z.infer<typeof Group>;
export type Session = z.infer<typeof Session>;
export type Client = z.infer<typeof Client>;
export type ClientSecret = z.infer<typeof ClientSecret>;
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
};
