/** The product in a process of its own: told where its database and its pool are, it answers with its address. */
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import { createApp } from '../../src/app.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { answerParent } from './child.ts';

export type StartOrder = {
  readonly kind: 'start';
  readonly databaseUrl: string;
  readonly pool: { readonly endpoint: string; readonly keySetUrl: string };
  readonly poolSize: number;
};

export type CpuOrder = { readonly kind: 'cpu' };

export type StartAnswer = { readonly url: string };
/** Milliseconds this process has computed so far. */
export type CpuAnswer = { readonly cpuMs: number };

answerParent<StartOrder | CpuOrder>((order) => (order.kind === 'start' ? start(order) : readCpu()));

async function start({ databaseUrl, pool, poolSize }: StartOrder): Promise<StartAnswer> {
  const { url } = await createApp({
    host: '127.0.0.1',
    port: 0,
    corsOrigins: [],
    database: { url: databaseUrl, poolSize, preparedStatements: true },
    userPool: { id: LOCAL_POOL.poolId, clientIds: [LOCAL_POOL.clientId], local: pool },
    triggerSecrets: ['whsec_bm9ib2R5LXNlbmRzLXRyaWdnZXJzLXRvLWEtYmVuY2g='],
    triggers: { allowedDomains: [], autoConfirmDomains: [], defaultGroup: 'Users', tenantClaim: 'tenant_id' },
    sandbox: null,
    log: createLogger('error'),
  });
  return { url };
}

async function readCpu(): Promise<CpuAnswer> {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000 };
}
