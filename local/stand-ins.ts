import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../src/config.ts';
import { StartupError } from '../src/errors.ts';
import { LOCAL_IDENTITY_POOL } from './identity-pool/constants.ts';
import { DEMO_DOMAINS } from './seed/demo.ts';
import { LOCAL_POOL } from './user-pool/constants.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/** Which stand-ins a configuration asks for, by what it leaves out. */
export type StandIns = { readonly database: boolean; readonly userPool: boolean };

/**
 * Throws StartupError where a stand-in would come by accident: the local pool lets anybody be anybody, so it serves only a
 * database on this machine, to this machine, and never beside settings that belong to a real pool.
 */
export function toStandIns(config: Config): StandIns {
  const standIns = { database: config.DATABASE_URL === undefined, userPool: config.COGNITO_USER_POOL_ID === undefined };
  if (standIns.userPool) assertLocal(config);
  return standIns;
}

function assertLocal(config: Config): void {
  const { DATABASE_URL, HOST, COGNITO_CLIENT_IDS, COGNITO_IDENTITY_POOL_ID, SESSION_CLIENT_ID } = config;
  const refuse = (why: string) => {
    throw new StartupError(`COGNITO_USER_POOL_ID is not set, and ${why}`);
  };
  if (COGNITO_CLIENT_IDS !== undefined) refuse('COGNITO_CLIENT_IDS is: name the pool those clients belong to.');
  if (COGNITO_IDENTITY_POOL_ID !== undefined) {
    refuse('COGNITO_IDENTITY_POOL_ID is: name the user pool whose tokens that identity pool takes.');
  }
  if (SESSION_CLIENT_ID !== undefined) refuse('SESSION_CLIENT_ID is: name the pool that client belongs to.');
  if (DATABASE_URL !== undefined && !LOOPBACK.has(new URL(DATABASE_URL).hostname)) {
    refuse('DATABASE_URL is not on this machine: the local user pool stands in only where the database is local too.');
  }
  if (HOST !== undefined && !LOOPBACK.has(HOST)) {
    refuse(`HOST is ${HOST}: with the local user pool the API listens on 127.0.0.1 alone.`);
  }
}

/** The settings a local pool answers by itself. A machine of one's own opens Sandbox, localhost and Apollo Studio. */
export function withLocalPool(config: Config): Config {
  return {
    ...config,
    HOST: '127.0.0.1',
    CORS_ORIGINS: config.CORS_ORIGINS ?? [
      `http://localhost:${config.PORT}`,
      'http://localhost:3000',
      'http://localhost:5173',
      'https://studio.apollographql.com',
    ],
    GRAPHQL_SANDBOX: config.GRAPHQL_SANDBOX ?? true,
    RATE_LIMIT_CALLER: config.RATE_LIMIT_CALLER === undefined ? null : config.RATE_LIMIT_CALLER,
    RATE_LIMIT_ADDRESS: config.RATE_LIMIT_ADDRESS === undefined ? null : config.RATE_LIMIT_ADDRESS,
    COGNITO_USER_POOL_ID: LOCAL_POOL.poolId,
    COGNITO_CLIENT_IDS: [LOCAL_POOL.clientId],
    COGNITO_IDENTITY_POOL_ID: LOCAL_IDENTITY_POOL.id,
    PUBLIC_URL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
    SESSION_CLIENT_ID: LOCAL_POOL.clientId,
    SESSION_KEYS: config.SESSION_KEYS ?? [obtainSecret(config.LOCAL_DIR, 'session-secret').slice('whsec_'.length)],
    TRIGGER_SECRETS: config.TRIGGER_SECRETS ?? [obtainSecret(config.LOCAL_DIR, 'trigger-secret')],
    AUDIT_SECRETS: config.AUDIT_SECRETS ?? [obtainAuditSecret(config.LOCAL_DIR)],
    SIGN_UP_ALLOWED_DOMAINS: config.SIGN_UP_ALLOWED_DOMAINS ?? [...DEMO_DOMAINS],
  };
}

const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

/** The secret that seals the audit trail of this machine, made where there is none. */
export function obtainAuditSecret(folder: string): string {
  return obtainSecret(folder, 'audit-secret');
}

function obtainSecret(folder: string, name: string): string {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, `whsec_${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const secret = readFileSync(file, 'utf8').trim();
  if (!SECRET.test(secret)) throw new StartupError(`${file} holds no secret: delete it, and the next start makes one.`);
  return secret;
}

/** Makes the folder the stand-ins keep their state in. Throws StartupError where there can be none. */
export function makeLocalFolder({ LOCAL_DIR }: Config): void {
  try {
    mkdirSync(LOCAL_DIR, { recursive: true });
  } catch (cause) {
    throw new StartupError(`LOCAL_DIR ${LOCAL_DIR} cannot be made a folder: set it to another.`, { cause });
  }
}

/** The port of the local pool: the one named, or the next after the API's. Throws StartupError when there is no next. */
export function toPoolPort({ PORT, LOCAL_POOL_PORT }: Pick<Config, 'PORT' | 'LOCAL_POOL_PORT'>): number {
  const port = LOCAL_POOL_PORT ?? PORT + 1;
  if (port > 65_535)
    throw new StartupError(`There is no port after ${PORT} for the local user pool: set LOCAL_POOL_PORT.`);
  return port;
}
