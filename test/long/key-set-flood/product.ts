/** The product in a process of its own, which logs as it does in production; nobody reads what it logs. */
import { destination } from 'pino';
import { answerParent } from '../../../bench/support/child.ts';
import { LOCAL_POOL } from '../../../local/user-pool/constants.ts';
import { createApp } from '../../../src/app.ts';
import { readConfig, requireComplete } from '../../../src/config.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { toAppOptions } from '../../../src/process.ts';

export type ProductOrder =
  | { readonly kind: 'start'; readonly databaseUrl: string; readonly keySetUrl: string }
  | { readonly kind: 'cpu' };
export type StartAnswer = { readonly url: string };
/** Milliseconds this process has computed so far. */
export type CpuAnswer = { readonly cpuMs: number };

// Nothing here asks the pool for anything but its keys.
const NOWHERE = 'http://127.0.0.1:9';

answerParent<ProductOrder>(async (order) => (order.kind === 'start' ? start(order) : readCpu()));

async function start({ databaseUrl, keySetUrl }: ProductOrder & { kind: 'start' }): Promise<StartAnswer> {
  const config = readConfig({
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    COGNITO_USER_POOL_ID: LOCAL_POOL.poolId,
    COGNITO_CLIENT_IDS: LOCAL_POOL.clientId,
    TRIGGER_SECRETS: 'whsec_bm9ib2R5LXNlbmRzLXRyaWdnZXJzLWluLWEtZmxvb2Q=',
    AUDIT_SECRETS: 'whsec_bm9ib2R5LXNlYWxzLXdoYXQtaXMtb25seS10cmllZA==',
    SIGN_UP_ALLOWED_DOMAINS: 'acme.test',
    RATE_LIMIT_CALLER: 'off',
    RATE_LIMIT_ADDRESS: 'off',
  });
  const options = await toAppOptions(requireComplete(config));
  const { url } = await createApp({
    ...options,
    port: 0,
    userPool: { ...options.userPool, local: { endpoint: NOWHERE, keySetUrl } },
    log: createLogger('info', destination('/dev/null')),
  });
  return { url };
}

function readCpu(): CpuAnswer {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000 };
}
