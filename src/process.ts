import type { AppOptions } from './app.ts';
import { type CompleteConfig, type Config, readConfig } from './config.ts';
import { StartupError } from './errors.ts';
import type { Limits } from './graphql/limits.ts';
import { createLogger } from './observability/logger.ts';

/** What a complete configuration says, in the app's own terms. */
export function toAppOptions(config: CompleteConfig): AppOptions {
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
      poolSize: config.DATABASE_POOL_SIZE,
      preparedStatements: config.DATABASE_PREPARED_STATEMENTS,
    },
    userPool: {
      id: config.COGNITO_USER_POOL_ID,
      clientIds: config.COGNITO_CLIENT_IDS,
      keySetFile: config.KEY_SET_FILE ?? null,
      local: null,
    },
    triggerSecrets: config.TRIGGER_SECRETS,
    triggers: {
      allowedDomains: config.SIGN_UP_ALLOWED_DOMAINS,
      autoConfirmDomains: config.SIGN_UP_AUTO_CONFIRM_DOMAINS,
      defaultGroup: config.DEFAULT_GROUP,
      tenantClaim: config.TENANT_CLAIM,
    },
    sandbox: config.GRAPHQL_SANDBOX ? { demoToken: null } : null,
    log: createLogger(config.LOG_LEVEL ?? 'info'),
  };
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

type Start = (config: Config) => Promise<AsyncDisposable>;

/**
 * The process: reads the configuration, starts, waits for a signal, stops. Exit code 1 and one line a problem when it
 * cannot start. A second signal does not wait.
 */
export async function run(start: Start): Promise<void> {
  try {
    const started = await start(readConfig(process.env));
    await signal();
    signal().then(() => process.exit(1));
    await started[Symbol.asyncDispose]();
    process.exit(0);
  } catch (error) {
    const lines = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${lines}\n`);
    process.exit(1);
  }
}

function signal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
