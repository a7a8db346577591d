import type { AppOptions } from './app.ts';
import { type CompleteConfig, type Config, readConfig } from './config.ts';
import { StartupError } from './errors.ts';
import type { Limits } from './graphql/limits.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import { loadModules } from './modules/load-modules.ts';
import { createLogger } from './observability/logger.ts';

/** What a complete configuration says, in the app's own terms. */
export async function toAppOptions(config: CompleteConfig): Promise<AppOptions> {
  return {
    host: config.HOST ?? '0.0.0.0',
    port: config.PORT,
    publicUrl: config.PUBLIC_URL ?? null,
    metricsPort: config.METRICS_PORT ?? null,
    corsOrigins: config.CORS_ORIGINS ?? [],
    trustedProxies: config.TRUSTED_PROXIES,
    maxConnections: config.MAX_CONNECTIONS,
    drainMs: config.DRAIN_SECONDS * 1000,
    rateLimits: toRateLimits(config),
    limits: toLimits(config),
    tracesUrl: config.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    database: {
      url: config.DATABASE_URL,
      directUrl: config.DATABASE_DIRECT_URL ?? config.DATABASE_URL,
      poolSize: config.DATABASE_POOL_SIZE,
      preparedStatements: config.DATABASE_PREPARED_STATEMENTS,
    },
    userPool: {
      id: config.COGNITO_USER_POOL_ID,
      clientIds: config.COGNITO_CLIENT_IDS,
      keySetFile: config.KEY_SET_FILE ?? null,
      mfaRequiredSince: config.MFA_REQUIRED_SINCE ?? null,
      local: null,
    },
    identityPool:
      config.COGNITO_IDENTITY_POOL_ID === undefined ? null : { id: config.COGNITO_IDENTITY_POOL_ID, endpoint: null },
    sessionMaxDays: config.SESSION_MAX_DAYS,
    browserSessions: toBrowserSessions(config),
    modules: await loadModules(config.MODULES),
    triggerSecrets: config.TRIGGER_SECRETS,
    auditSecrets: config.AUDIT_SECRETS,
    keepIntervalMs: KEEP_INTERVAL_MS,
    triggers: {
      allowedDomains: config.SIGN_UP_ALLOWED_DOMAINS,
      autoConfirmDomains: config.SIGN_UP_AUTO_CONFIRM_DOMAINS,
      defaultGroup: config.DEFAULT_GROUP,
      tenantClaim: config.TENANT_CLAIM,
    },
    mail: await toMail(config),
    sandbox: config.GRAPHQL_SANDBOX ? { demoToken: null } : null,
    log: createLogger(config.LOG_LEVEL ?? 'info'),
  };
}

const KEEP_INTERVAL_MS = 5_000;

// What is under way when a browser gets a new id. Cognito's own grace for a refresh token is at most as long.
const ID_GRACE_MS = 60_000;
const MINUTE_MS = 60_000;

/** Throws StartupError where the settings of browser sessions are not one whole. */
function toBrowserSessions(config: CompleteConfig): AppOptions['browserSessions'] {
  const { SESSION_CLIENT_ID, SESSION_CLIENT_SECRET, SESSION_KEYS, SESSION_HOME_URL, PUBLIC_URL } = config;
  const rest = { SESSION_CLIENT_SECRET, SESSION_KEYS, SESSION_HOME_URL };
  if (SESSION_CLIENT_ID === undefined) {
    const [named] = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (named)
      throw new StartupError(`${named} is set, and SESSION_CLIENT_ID is not: browsers sign in through a client.`);
    return null;
  }
  const [key, ...older] = SESSION_KEYS ?? [];
  if (key === undefined) throw new StartupError('SESSION_CLIENT_ID is set: set SESSION_KEYS too, to seal tokens with.');
  if (PUBLIC_URL === undefined) {
    throw new StartupError('SESSION_CLIENT_ID is set: set PUBLIC_URL too, where browsers come back to.');
  }
  if (!config.COGNITO_CLIENT_IDS.includes(SESSION_CLIENT_ID)) {
    throw new StartupError('SESSION_CLIENT_ID is none of COGNITO_CLIENT_IDS: its tokens would be refused.');
  }
  const { origin, protocol, hostname } = new URL(PUBLIC_URL);
  // Browsers keep a cookie that is Secure for this machine's own names over http, and for no other.
  if (protocol !== 'https:' && !['localhost', '127.0.0.1'].includes(hostname)) {
    throw new StartupError('SESSION_CLIENT_ID is set: PUBLIC_URL must be https, or browsers keep no session cookie.');
  }
  return {
    clientId: SESSION_CLIENT_ID,
    clientSecret: SESSION_CLIENT_SECRET ?? null,
    keys: [key, ...older],
    origins: [origin],
    homeUrl: SESSION_HOME_URL ?? `${origin}/session`,
    graceMs: ID_GRACE_MS,
    idleMs: config.SESSION_IDLE_MINUTES * MINUTE_MS,
  };
}

/** Throws StartupError where a mail would have no sender, or its link no page. */
async function toMail({ SMTP_URL, MAIL_FROM, INVITATION_URL }: Config): Promise<AppOptions['mail']> {
  if (SMTP_URL === undefined) return null;
  if (MAIL_FROM === undefined || INVITATION_URL === undefined) {
    throw new StartupError(
      'SMTP_URL is set, and mail needs a sender and a page: set MAIL_FROM and INVITATION_URL too.',
    );
  }
  return { mailer: await createSmtpMailer({ url: SMTP_URL, from: MAIL_FROM }), invitationUrl: INVITATION_URL };
}

const CALLER_PER_MINUTE = 6_000;
const ADDRESS_PER_MINUTE = 600;

function toRateLimits({ RATE_LIMIT_CALLER, RATE_LIMIT_ADDRESS, RATE_LIMIT_STORE }: Config): AppOptions['rateLimits'] {
  return {
    callerPerMinute: RATE_LIMIT_CALLER === undefined ? CALLER_PER_MINUTE : RATE_LIMIT_CALLER,
    addressPerMinute: RATE_LIMIT_ADDRESS === undefined ? ADDRESS_PER_MINUTE : RATE_LIMIT_ADDRESS,
    store: RATE_LIMIT_STORE,
  };
}

function toLimits(config: Config): Limits {
  return {
    bodyBytes: config.LIMIT_BODY_BYTES,
    bearerBytes: config.LIMIT_BEARER_BYTES,
    tokens: config.LIMIT_TOKENS,
    depth: config.LIMIT_DEPTH,
    aliases: config.LIMIT_ALIASES,
    rootFields: config.LIMIT_ROOT_FIELDS,
    cost: config.LIMIT_COST,
    operations: config.LIMIT_OPERATIONS,
  };
}

/** What was started. `drain` resolves when no more requests need be expected; disposing of it finishes those there are. */
export type Started = AsyncDisposable & { readonly drain?: () => Promise<void> };

type Start = (config: Config) => Promise<Started>;

/** Whoever tells a container to stop kills it after 10 s, by the defaults of Docker; all that hangs is left behind before. */
export const STOP_WITHIN_MS = 9_500;

/**
 * The process: reads the configuration, starts, waits for a signal, stops within 10 s. Exit code 1 and one line a problem
 * when it cannot start. A second signal does not wait.
 */
export async function run(start: Start): Promise<void> {
  try {
    // Heard from the first moment, so that what is half started is stopped too, and not left behind.
    const told = signal();
    told.then(boundStop);
    const started = await start(readConfig(process.env));
    // SIGTERM comes from where a balancer has yet to notice; SIGINT from a person who is waiting.
    if ((await told) === 'SIGTERM') await started.drain?.();
    await started[Symbol.asyncDispose]();
    process.exit(0);
  } catch (error) {
    const lines = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${lines}\n`);
    process.exit(1);
  }
}

function boundStop(): void {
  signal().then(() => process.exit(1));
  setTimeout(() => process.exit(0), STOP_WITHIN_MS);
}

function signal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
