import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { createDenialBook } from './domain/audit-trail/index.ts';
import type { MailService } from './domain/context.ts';
import { createCursorCodec } from './domain/paging.ts';
import { createSessionBook } from './domain/session-book.ts';
import { createTxtResolver, type TxtResolver } from './domain/txt-resolver.ts';
import { StartupError } from './errors.ts';
import type { Limits } from './graphql/limits.ts';
import { buildSchema, type SchemaParts } from './graphql/schema.ts';
import { createGraphQLServer } from './graphql/server.ts';
import type { ConnectionTimings } from './http/edge/connections.ts';
import type { DrainTimings } from './http/edge/drain.ts';
import type { OverloadTimings } from './http/edge/overload.ts';
import { createSandboxPage, type SandboxOptions } from './http/graphql/sandbox.ts';
import { startMetricsServer } from './http/metrics-server.ts';
import type { CircuitTimings } from './http/rate-limits/circuit.ts';
import { createRateLimits, type RateLimitOptions } from './http/rate-limits.ts';
import { createHttpServer } from './http/server.ts';
import { createClientRegistry } from './identity/client-registry.ts';
import { createCutoffs } from './identity/cutoffs.ts';
import { createIdTokenVerifier } from './identity/id-token.ts';
import { toIssuers, toKeySetUrl, toProviderName } from './identity/issuers.ts';
import { createKeySet, type KeySet, type KeySetTimings } from './identity/key-set.ts';
import { readKeySetFile } from './identity/key-set-file.ts';
import { traceVerifier } from './identity/trace-verifier.ts';
import { createTokenVerifier } from './identity/verify-token.ts';
import { type IdentityPool, openIdentityPool } from './identity-pool/identity-pool.ts';
import { keepDenials } from './jobs/keep-denials.ts';
import { keepSessions } from './jobs/keep-sessions.ts';
import { type OutboxTimings, startOutbox } from './jobs/outbox.ts';
import { startPurge } from './jobs/purge-tenants.ts';
import { startRemoval } from './jobs/remove-ended.ts';
import { revokeSessions } from './jobs/revoke-sessions.ts';
import { sealAudit } from './jobs/seal-audit.ts';
import { joinModules } from './modules/join-modules.ts';
import type { Module } from './modules/module.ts';
import type { Metrics } from './observability/metrics.ts';
import type { PrometheusMetrics } from './observability/prometheus.ts';
import { openTelemetry } from './observability/telemetry.ts';
import type { TracingTimings } from './observability/tracing.ts';
import { type BrowserSessions, createBrowserSessions } from './sessions/browser-sessions.ts';
import { SESSION_TIMINGS, type SessionParts, type SessionSettings, type SessionTimings } from './sessions/context.ts';
import { createProvider } from './sessions/provider.ts';
import { createSealer } from './sessions/sealer.ts';
import { type RevocationTimings, startCutoffFeed } from './store/cutoff-feed.ts';
import { createDatabase, type DatabaseOptions, type DatabaseTimings } from './store/database.ts';
import { observeDatabase } from './store/observe-database.ts';
import { selfCheck } from './store/self-check.ts';
import { TRIGGER_TIMINGS, type TriggerSettings, type TriggerTimings } from './triggers/context.ts';
import { createUserPool } from './user-pool/user-pool.ts';

export type AppOptions = {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Where browsers and clients reach it, behind whatever stands in front; null when nothing does. */
  readonly publicUrl: string | null;
  /** Where `/metrics` is answered, apart from the API; null for nowhere. */
  readonly metricsPort: number | null;
  readonly corsOrigins: readonly string[];
  /** Addresses and ranges whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Open sockets at most; further ones are closed at once. */
  readonly maxConnections: number;
  /** Milliseconds between saying "not ready" and taking no more requests, for a balancer to notice. */
  readonly drainMs: number;
  readonly rateLimits: RateLimitOptions;
  readonly limits: Limits;
  /** The OTLP endpoint spans are sent to; null for none, and then nothing of it is loaded. */
  readonly tracesUrl: string | null;
  readonly database: Pick<DatabaseOptions, 'url' | 'poolSize' | 'preparedStatements' | 'statementTimeoutMs'> & {
    /** Where notifications come through: the database itself, and no pooler in transaction mode. */
    readonly directUrl: string;
  };
  readonly userPool: {
    readonly id: string;
    readonly clientIds: readonly string[];
    /** A key set document to begin with while the pool cannot be asked; null for none. */
    readonly keySetFile: string | null;
    /** From then on nobody has been able to sign in without a second factor; null: tokens prove one by themselves. */
    readonly mfaRequiredSince: Date | null;
    /** Where a stand-in for Cognito answers; null for Cognito itself. */
    readonly local: { readonly endpoint: string; readonly keySetUrl: string } | null;
  };
  /** Lends AWS credentials to users of the pool; null where none does. */
  readonly identityPool: {
    readonly id: string;
    /** Where a stand-in answers; null for AWS itself. */
    readonly endpoint: string | null;
  } | null;
  /** Days after which a sign-in is over, however often it was refreshed. */
  readonly sessionMaxDays: number;
  /** Sign-ins of browsers; null where there are none, and a cookie is nothing. */
  readonly browserSessions: BrowserSessionOptions | null;
  /** A team's own nouns (modules/module.ts). */
  readonly modules: readonly Module[];
  readonly triggerSecrets: readonly string[];
  /** The first seals the audit trail. */
  readonly auditSecrets: readonly string[];
  /** Milliseconds between two rounds of the jobs that keep what was refused, what was sealed and who was seen. */
  readonly keepIntervalMs: number;
  readonly triggers: TriggerSettings;
  /** How mail leaves; null where none does, and who invites hands the secret over himself. */
  readonly mail: MailService | null;
  /** Apollo Sandbox and introspection; null where the API stands in public. */
  readonly sandbox: SandboxOptions | null;
  readonly log: FastifyBaseLogger;
};

export type BrowserSessionOptions = Omit<SessionSettings, 'allowedOrigins' | 'maxMs' | 'tenantClaim'> & {
  /** 32 bytes each, in base64. The first seals the tokens, and every one opens them. */
  readonly keys: readonly [string, ...string[]];
};

const DAY_MS = 86_400_000;

/** Milliseconds by which the parts wait, repeat and give up; what a group leaves out is as in production. */
export type AppTimings = {
  readonly connections?: Partial<ConnectionTimings>;
  readonly drain?: Partial<DrainTimings>;
  readonly overload?: Partial<OverloadTimings>;
  readonly tracing?: Partial<TracingTimings>;
  readonly keySet?: Partial<KeySetTimings>;
  readonly database?: Partial<DatabaseTimings>;
  readonly outbox?: Partial<OutboxTimings>;
  readonly rateLimits?: Partial<CircuitTimings>;
  readonly revocations?: Partial<RevocationTimings>;
  readonly sessions?: Partial<SessionTimings>;
  readonly triggers?: Partial<TriggerTimings>;
};

/** Parts that somebody else puts in the place of the product's own: tests, and a machine that stands in for AWS. */
export type AppOverrides = {
  readonly schema?: Partial<SchemaParts>;
  readonly resolveTxt?: TxtResolver;
  /** For tests, which cannot wait as long as production does. */
  readonly timings?: AppTimings;
};

export type App = AsyncDisposable & {
  /** Where it listens. */
  readonly url: string;
  /** Where metrics are answered; null for nowhere. */
  readonly metricsUrl: string | null;
  /** Says on /readyz that it wants no more requests, answers those that still come, and resolves `drainMs` later. */
  drain(): Promise<void>;
  /** Takes no more requests, finishes those it has, and lets go of everything. */
  close(): Promise<void>;
};

/**
 * The product: every part made by hand and handed to the next, checked, and listening. Throws StartupError for what it
 * cannot enforce or reach; then nothing is left open.
 */
export async function createApp(options: AppOptions, overrides: AppOverrides = {}): Promise<App> {
  await using parts = new AsyncDisposableStack();
  const { log } = options;
  const { resolveTxt = createTxtResolver(), timings = {} } = overrides;
  const joined = joinModules(options.modules);
  const { schema, publicSchema, plan } = buildSchema({ ...joined.schema, ...overrides.schema });

  const telemetry = await openTelemetry({
    isScraped: options.metricsPort !== null,
    tracesUrl: options.tracesUrl,
    timings: timings.tracing,
    log,
  });
  const { metrics, tracer, prometheus } = telemetry;
  parts.use(tracer);
  const database = observeDatabase(
    createDatabase({
      ...options.database,
      timings: timings.database,
      onIdleError: (error) => log.warn({ err: error }, 'an idle connection to the database broke'),
    }),
    telemetry,
  );
  parts.defer(() => database.close());
  await selfCheck(database.pool, joined.migrations);
  const denials = createDenialBook();
  const { auditSecrets: secrets, keepIntervalMs: everyMs } = options;
  parts.use(sealAudit({ database, secrets, everyMs, log }));
  parts.use(keepDenials({ database, denials, everyMs, log }));

  const { id, local } = options.userPool;
  const userPool = createUserPool({ userPoolId: id, endpoint: local?.endpoint ?? null });
  parts.defer(() => userPool.close());
  const identityPool = await openLender(options);
  parts.defer(() => identityPool?.close());
  const outbox = parts.use(startOutbox({ database, userPool, timings: timings.outbox, log, metrics }));
  const cutoffs = createCutoffs();
  const { directUrl } = options.database;
  const feed = parts.use(
    await startCutoffFeed({ database, directUrl, cutoffs, timings: timings.revocations, log, metrics }),
  );
  const sessionMaxMs = options.sessionMaxDays * DAY_MS;
  const sessions = createSessionBook();
  parts.use(keepSessions({ database, sessions, everyMs, log }));
  parts.use(startRemoval({ database, sessionMaxMs, log }));
  parts.use(startPurge({ database, log }));
  const keySet = parts.use(await openKeySet(options, metrics, timings.keySet));
  const tokenOptions = {
    userPoolId: id,
    keySet,
    tenantClaim: options.triggers.tenantClaim,
    maxTokenLength: options.limits.bearerBytes,
  };
  const verifyToken = createTokenVerifier({
    ...tokenOptions,
    clients: createClientRegistry(options.userPool.clientIds, cutoffs),
    cutoffs,
    sessionMaxMs,
    mfaRequiredSince: options.userPool.mfaRequiredSince,
    onOutcome: metrics.token,
  });

  const sessionTimings = { ...SESSION_TIMINGS, ...timings.sessions };
  const browsers = openBrowserSessions(options, sessionMaxMs, {
    timings: sessionTimings,
    database,
    userPool,
    verifyToken,
    catchUp: feed.catchUp,
    log,
  });
  if (browsers) parts.use(revokeSessions({ browsers, everyMs: sessionTimings.revokeMs, log }));
  const apollo = createGraphQLServer({
    schema,
    plan,
    limits: options.limits,
    introspection: options.sandbox !== null,
    catchUp: feed.catchUp,
  });
  await apollo.start();
  parts.defer(() => apollo.stop());
  const rateLimits = parts.use(
    await createRateLimits(options.rateLimits, {
      database,
      timings: timings.rateLimits,
      log,
      onLimited: metrics.limited,
    }),
  );
  const http = await createHttpServer({
    log,
    telemetry,
    corsOrigins: options.corsOrigins,
    trustedProxies: options.trustedProxies,
    isHttpsInFront: options.publicUrl?.startsWith('https:') ?? false,
    maxConnections: options.maxConnections,
    connectionTimings: timings.connections,
    drainTimings: timings.drain,
    overload: { databaseQueueMs: () => database.queueMs(), onShed: metrics.shed, timings: timings.overload },
    checks: { database: () => database.assertReady(), 'key set': () => keySet.assertReady() },
    triggers: {
      triggers: {
        settings: options.triggers,
        timings: { ...TRIGGER_TIMINGS, ...timings.triggers },
        database,
        userPool,
        outbox,
      },
      secrets: options.triggerSecrets,
      rateLimits,
    },
    sessions: browsers && { sessions: browsers, rateLimits },
    graphql: {
      apollo,
      browsers,
      publicSchema,
      limits: options.limits,
      verifyToken: traceVerifier(verifyToken, tracer),
      standingOf: feed.standingOf,
      rateLimits,
      loaders: joined.loaders,
      denials,
      services: {
        database,
        userPool,
        idTokens: createIdTokenVerifier(tokenOptions),
        identityPool,
        outbox,
        appClients: {
          scopes: joined.schema.registry.scopes,
          configured: options.userPool.clientIds,
        },
        sessionMaxMs,
        sessions,
        cursors: createCursorCodec(options.triggerSecrets),
        resolveTxt,
        quotas: rateLimits.quotas,
        mail: options.mail,
      },
      sandbox: options.sandbox && createSandboxPage(options.sandbox),
      tracer,
    },
  });
  parts.defer(() => http.close());
  const { host, port } = options;
  const url = await http.listen({ host, port }).catch(rethrowListen('PORT', port));
  const scraped = parts.use(await openMetrics(prometheus, options));

  const opened = parts.move();
  const close = () => opened.disposeAsync();
  const drain = () => {
    http.drain();
    return sleep(options.drainMs);
  };
  return { url, metricsUrl: scraped?.url ?? null, drain, close, [Symbol.asyncDispose]: close };
}

async function openLender({ identityPool, userPool }: AppOptions): Promise<IdentityPool | null> {
  return identityPool && openIdentityPool({ ...identityPool, providerName: toProviderName(userPool.id) });
}

function openBrowserSessions(
  { browserSessions, corsOrigins, userPool: { id, local }, triggers }: AppOptions,
  maxMs: number,
  parts: Pick<SessionParts, 'timings' | 'database' | 'userPool' | 'verifyToken' | 'catchUp' | 'log'>,
): BrowserSessions | null {
  if (browserSessions === null) return null;
  const { keys, ...settings } = browserSessions;
  const { clientId, clientSecret } = settings;
  const [issuer] = toIssuers(id);
  return createBrowserSessions({
    ...parts,
    settings: {
      ...settings,
      allowedOrigins: [...settings.origins, ...corsOrigins],
      maxMs,
      tenantClaim: triggers.tenantClaim,
    },
    provider: createProvider({ issuer, localEndpoint: local?.endpoint ?? null, clientId, clientSecret }),
    sealer: createSealer(keys),
  });
}

/** The pool's keys, from their own address or a stand-in's, begun with those of a file where one is named. */
async function openKeySet(
  { userPool: { id, keySetFile, local }, log }: AppOptions,
  metrics: Metrics,
  timings: AppTimings['keySet'],
): Promise<KeySet> {
  const keySet = createKeySet({
    url: local?.keySetUrl ?? toKeySetUrl(id),
    seed: keySetFile === null ? null : await readKeySetFile(keySetFile),
    log,
    onFetch: metrics.keySetFetch,
    timings,
  });
  metrics.watchKeySetAge(() => keySet.ageSeconds());
  return keySet;
}

async function openMetrics(prometheus: PrometheusMetrics | null, { host, metricsPort: port }: AppOptions) {
  if (prometheus === null || port === null) return null;
  return startMetricsServer(prometheus, { host, port }).catch(rethrowListen('METRICS_PORT', port));
}

function rethrowListen(setting: 'PORT' | 'METRICS_PORT', port: number) {
  return (error: unknown): never => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new StartupError(`Port ${port} is in use. Stop what listens there, or set ${setting} to another.`);
    }
    throw error;
  };
}
