import type { AppOptions } from './app.ts';
import { type CompleteConfig, type Config, readConfig } from './config.ts';
import { StartupError } from './errors.ts';
import { createLogger } from './observability/logger.ts';

/** What a complete configuration says, in the app's own terms. */
export function toAppOptions(config: CompleteConfig): AppOptions {
  return {
    host: config.HOST ?? '0.0.0.0',
    port: config.PORT,
    corsOrigins: config.CORS_ORIGINS ?? [],
    database: {
      url: config.DATABASE_URL,
      poolSize: config.DATABASE_POOL_SIZE,
      preparedStatements: config.DATABASE_PREPARED_STATEMENTS,
    },
    userPool: { id: config.COGNITO_USER_POOL_ID, clientIds: config.COGNITO_CLIENT_IDS, local: null },
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
