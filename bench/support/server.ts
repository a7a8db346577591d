/** The product in a process of its own: told where its database and its pool are, it answers with its address. */
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import { createApp } from '../../src/app.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { answerParent } from './child.ts';

export type ServerOrder = {
  readonly databaseUrl: string;
  readonly pool: { readonly endpoint: string; readonly keySetUrl: string };
  readonly poolSize: number;
};

export type ServerAnswer = { readonly url: string };

answerParent<ServerOrder>(async ({ databaseUrl, pool, poolSize }) => {
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
  return { url } satisfies ServerAnswer;
});
