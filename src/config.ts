import { z } from 'zod';
import {
  domains,
  httpUrl,
  instant,
  list,
  onOff,
  origins,
  pageUrl,
  perMinute,
  port,
  postgresUrl,
  proxies,
  rateLimitStore,
  sealingKeys,
  secrets,
  sender,
  smtpUrl,
  whole,
} from './config/kinds.ts';
import { StartupError } from './errors.ts';
import { DEFAULT_LIMITS } from './graphql/limits.ts';
import { isTakenClaim } from './identity/claims.ts';
import { ADMINS, looksLikeRoleGroup } from './identity/groups.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

// Every variable the product reads. .env.example says the same for people, and a test holds the two equal.
const VARIABLES = {
  PORT: port.default(4000),
  HOST: z.string().optional(),
  CORS_ORIGINS: origins.optional(),
  PUBLIC_URL: httpUrl.optional(),
  TRUSTED_PROXIES: proxies.default([]),
  METRICS_PORT: port.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  MAX_CONNECTIONS: whole(1, 100_000).default(10_000),
  DRAIN_SECONDS: whole(0, 8).default(3),
  RATE_LIMIT_CALLER: perMinute.optional(),
  RATE_LIMIT_ADDRESS: perMinute.optional(),
  RATE_LIMIT_STORE: rateLimitStore.default('memory'),
  LIMIT_BODY_BYTES: whole(1_024, 1_048_576).default(DEFAULT_LIMITS.bodyBytes),
  LIMIT_BEARER_BYTES: whole(1_024, 16_384).default(DEFAULT_LIMITS.bearerBytes),
  // graphql-js goes through values by recursion: brackets of 4 000 tokens are more than the stack of a process holds.
  LIMIT_TOKENS: whole(100, 3_000).default(DEFAULT_LIMITS.tokens),
  LIMIT_DEPTH: whole(1, 50).default(DEFAULT_LIMITS.depth),
  LIMIT_ALIASES: whole(0, 1_000).default(DEFAULT_LIMITS.aliases),
  LIMIT_ROOT_FIELDS: whole(1, 1_000).default(DEFAULT_LIMITS.rootFields),
  LIMIT_COST: whole(1, 10_000_000).default(DEFAULT_LIMITS.cost),
  LIMIT_OPERATIONS: whole(1, 100).default(DEFAULT_LIMITS.operations),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
    .optional(),
  GRAPHQL_SANDBOX: onOff.optional(),
  MODULES: list.default([]),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_OWNER_URL: postgresUrl.optional(),
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: whole(1, 500).default(10),
  DATABASE_PREPARED_STATEMENTS: onOff.default(true),
  COGNITO_USER_POOL_ID: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/, 'must look like eu-west-1_AbCdEfGhI')
    .optional(),
  COGNITO_CLIENT_IDS: list.optional(),
  COGNITO_IDENTITY_POOL_ID: z
    .string()
    .regex(
      /^[a-z]{2}(-[a-z]+)+-\d:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      'must look like eu-west-1:01234567-89ab-cdef-0123-456789abcdef',
    )
    .optional(),
  KEY_SET_FILE: z.string().optional(),
  MFA_REQUIRED_SINCE: instant.optional(),
  // Cognito's own bounds on the life of a refresh token, in days.
  SESSION_MAX_DAYS: whole(1, 3_650).default(30),
  SESSION_CLIENT_ID: z.string().optional(),
  SESSION_CLIENT_SECRET: z.string().optional(),
  SESSION_KEYS: sealingKeys.optional(),
  SESSION_HOME_URL: httpUrl.optional(),
  SESSION_IDLE_MINUTES: whole(1, 525_600).default(1_440),
  TRIGGER_SECRETS: secrets.optional(),
  AUDIT_SECRETS: secrets.optional(),
  SIGN_UP_ALLOWED_DOMAINS: domains.optional(),
  SIGN_UP_AUTO_CONFIRM_DOMAINS: domains
    .refine((list) => !list.includes('*'), 'must name each domain: * would confirm everybody without a code')
    .default([]),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: sender.optional(),
  INVITATION_URL: pageUrl.optional(),
  DEFAULT_GROUP: z
    .string()
    .refine((group) => group !== ADMINS && !looksLikeRoleGroup(group), 'must not be a group that gives rights')
    .default('Users'),
  TENANT_CLAIM: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a plain claim name such as tenant_id')
    .refine((claim) => !isTakenClaim(claim), 'must not be a claim that has a meaning already')
    .default('tenant_id'),
  LOCAL_DIR: z.string().default('.local'),
  LOCAL_POOL_PORT: port.optional(),
};

export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);

/** What the environment says, checked variable by variable and not yet as a whole. Unset is undefined. */
export type Config = Readonly<z.infer<z.ZodObject<typeof VARIABLES>>>;

/** Reads every variable once. An empty value counts as unset. Throws StartupError with all problems, a line each. */
export function readConfig(environment: Environment): Config {
  const given = VARIABLE_NAMES.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  const result = z.object(VARIABLES).safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path[0]?.toString()} ${issue.message}`);
  // Two bad items of one list are one thing to mend.
  throw new StartupError([...new Set(lines)].join('\n'));
}

/** A configuration in which nothing is left to a stand-in. */
export type CompleteConfig = Config & {
  readonly [Name in (typeof REQUIRED)[number]]: NonNullable<Config[Name]>;
};

const REQUIRED = [
  'DATABASE_URL',
  'COGNITO_USER_POOL_ID',
  'COGNITO_CLIENT_IDS',
  'TRIGGER_SECRETS',
  'AUDIT_SECRETS',
  'SIGN_UP_ALLOWED_DOMAINS',
] as const;

/** Throws StartupError naming every setting that has no safe default and was left out. */
export function requireComplete(config: Config): CompleteConfig {
  const missing = REQUIRED.filter((name) => config[name] === undefined || config[name].length === 0);
  if (missing.length > 0)
    throw new StartupError(missing.map((name) => `${name} is not set; .env.example says what it takes`).join('\n'));
  return config as CompleteConfig;
}
