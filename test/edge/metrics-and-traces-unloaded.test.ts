import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProcess } from '../support/start-process.ts';

const PROMETHEUS = 'prom-client';
const OTEL_SDK = '@opentelemetry/sdk-trace';
const IDENTITY_POOLS = '@aws-sdk/client-cognito-identity';
const OTEL_EXPORTER = '@opentelemetry/exporter-trace-otlp-http';

type Packages = readonly string[];

let database: TestDatabase;
/** The packages loaded by three processes: with neither, with metrics and an identity pool, and with traces. */
let bare: Packages;
let counting: Packages;
let tracing: Packages;
beforeAll(async () => {
  database = await createTestDatabase();
  [bare, counting, tracing] = await Promise.all([
    loadedWith({}),
    loadedWith({
      METRICS_PORT: '9464',
      COGNITO_IDENTITY_POOL_ID: 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef',
    }),
    loadedWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }),
  ]);
});
afterAll(() => database.drop());

/** The packages that a process with these settings has loaded by its end, having answered a request. */
async function loadedWith(settings: Readonly<Record<string, string>>): Promise<Packages> {
  const { output } = await startProcess(['test/support/loaded-packages.ts'], {
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.appUrl,
    COGNITO_USER_POOL_ID: 'eu-west-1_AbCdEfGhI',
    COGNITO_CLIENT_IDS: 'client',
    TRIGGER_SECRETS: 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtb2YtMzItYnl0ZXM=',
    AUDIT_SECRETS: 'whsec_dGVuYW50cnktYXVkaXQtc2VjcmV0LW9mLTMyLWJ5dGU=',
    SIGN_UP_ALLOWED_DOMAINS: '*',
    ...settings,
  });
  return JSON.parse(output);
}

describe('a process', () => {
  it('that is told of no metrics and no traces loads nothing of either', () => {
    // What is always loaded is seen, whichever way it is imported.
    expect(bare).toEqual(expect.arrayContaining(['fastify', 'pg', 'graphql', '@apollo/server']));
    expect(bare.filter((name) => name === PROMETHEUS || name.startsWith('@opentelemetry/'))).toEqual([]);
  });

  it('that has no identity pool loads no client of one', () => {
    expect(bare).not.toContain(IDENTITY_POOLS);
    expect(tracing).not.toContain(IDENTITY_POOLS);
    expect(counting).toContain(IDENTITY_POOLS);
  });

  it('that counts loads nothing that traces', () => {
    expect(counting).toContain(PROMETHEUS);
    // prom-client itself imports the interfaces, which do nothing.
    expect(counting.filter((name) => name.startsWith('@opentelemetry/'))).toEqual(['@opentelemetry/api']);
  });

  it('that traces loads nothing that counts', () => {
    expect(tracing).toEqual(expect.arrayContaining([OTEL_SDK, OTEL_EXPORTER]));
    expect(tracing).not.toContain(PROMETHEUS);
  });
});
