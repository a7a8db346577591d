/** The product in a process of its own: told where its database and its pool are, it answers with its address. */
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import { answerParent } from './child.ts';
import { type Replacements, replaceModules } from './replace-modules.ts';

export type StartOrder = {
  readonly kind: 'start';
  readonly databaseUrl: string;
  readonly pool: { readonly endpoint: string; readonly keySetUrl: string };
  readonly poolSize: number;
  /** The product itself has no switch for what is measured. */
  readonly replacements: Replacements;
};

export type CpuOrder = { readonly kind: 'cpu' };

export type StartAnswer = { readonly url: string };
/** Milliseconds this process has computed so far. */
export type CpuAnswer = { readonly cpuMs: number };

answerParent<StartOrder | CpuOrder>((order) => (order.kind === 'start' ? start(order) : readCpu()));

async function start({ databaseUrl, pool, poolSize, replacements }: StartOrder): Promise<StartAnswer> {
  const { createApp, readConfig, requireComplete, toAppOptions } = await loadProduct(replacements);
  const config = readConfig({
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(poolSize),
    COGNITO_USER_POOL_ID: LOCAL_POOL.poolId,
    COGNITO_CLIENT_IDS: LOCAL_POOL.clientId,
    TRIGGER_SECRETS: 'whsec_bm9ib2R5LXNlbmRzLXRyaWdnZXJzLXRvLWEtYmVuY2g=',
    AUDIT_SECRETS: 'whsec_bm9ib2R5LXNlYWxzLXdoYXQtaXMtb25seS10cmllZA==',
    SIGN_UP_ALLOWED_DOMAINS: 'acme.test',
    RATE_LIMIT_CALLER: 'off',
    LOG_LEVEL: 'error',
  });
  const options = await toAppOptions(requireComplete(config));
  const { url } = await createApp({
    ...options,
    port: 0,
    userPool: { ...options.userPool, local: pool },
  });
  return { url };
}

async function loadProduct(replacements: Replacements) {
  const waiting = replaceModules(replacements);
  const product = {
    ...(await import('../../src/app.ts')),
    ...(await import('../../src/config.ts')),
    ...(await import('../../src/process.ts')),
  };
  // Without this, a product that no longer uses such a module would be measured against itself.
  if (waiting.size > 0) throw new Error(`the product loads no ${[...waiting].join(', ')}`);
  return product;
}

async function readCpu(): Promise<CpuAnswer> {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000 };
}
