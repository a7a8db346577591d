import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../local/database/find-free-port.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProcess } from '../support/start-process.ts';

const PROMETHEUS = 'prom-client';
const OTEL_SDK = '@opentelemetry/sdk-trace';
const IDENTITY_POOLS = '@aws-sdk/client-cognito-identity';
const OTEL_EXPORTER = '@opentelemetry/exporter-trace-otlp-http';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** The packages that a process with these settings has loaded by its end, having answered a request. */
async function loadedWith(settings: Readonly<Record<string, string>>): Promise<readonly string[]> {
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
  it('that is told of no metrics and no traces loads nothing of either', async () => {
    const loaded = await loadedWith({});
    // What is always loaded is seen, whichever way it is imported.
    expect(loaded).toEqual(expect.arrayContaining(['fastify', 'pg', 'graphql', '@apollo/server']));
    expect(loaded.filter((name) => name === PROMETHEUS || name.startsWith('@opentelemetry/'))).toEqual([]);
  });

  it('that has no identity pool loads no client of one', async () => {
    expect(await loadedWith({})).not.toContain(IDENTITY_POOLS);
    const settings = { COGNITO_IDENTITY_POOL_ID: 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef' };
    expect(await loadedWith(settings)).toContain(IDENTITY_POOLS);
  });

  it('that counts loads nothing that traces', async () => {
    const loaded = await loadedWith({ METRICS_PORT: String(await findFreePort()) });
    expect(loaded).toContain(PROMETHEUS);
    // prom-client itself imports the interfaces, which do nothing.
    expect(loaded.filter((name) => name.startsWith('@opentelemetry/'))).toEqual(['@opentelemetry/api']);
  });

  it('that traces loads nothing that counts', async () => {
    const loaded = await loadedWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    expect(loaded).toEqual(expect.arrayContaining([OTEL_SDK, OTEL_EXPORTER]));
    expect(loaded).not.toContain(PROMETHEUS);
  });
});
