import type pg from 'pg';
import { startLocalUserPool } from '../../local/user-pool/index.ts';
import { grantReach, migrate } from '../../src/store/migrate.ts';
import { readBackendCpuMs } from './backend-cpu.ts';
import { type Child, startChild } from './child.ts';
import { startCluster } from './cluster.ts';
import { type Member, type Population, pickMembers, populate } from './population.ts';
import type { Replacements } from './replace-modules.ts';
import type { CpuAnswer, CpuOrder, StartAnswer, StartOrder } from './server.ts';
import { toToken } from './tokens.ts';
import { withClient } from './with-client.ts';

/** One running product, measured from outside. */
export type Server = {
  readonly url: string;
  /** Milliseconds of computing so far, its own and that of its database connections. */
  readCpuMs(): Promise<number>;
};

/** A member with an access token. */
export type SignedMember = Member & { readonly token: string };

/** What products are measured with: one database, and who asks, each in a process of its own. */
export type Stage = AsyncDisposable & {
  readonly load: Child;
  /** Members of the large tenant and some of the small ones, mixed. */
  readonly members: readonly SignedMember[];
  /** Another product over the same database, in a process of its own that signs in as `login`. */
  start(login: string, replacements?: Replacements): Promise<Server>;
  /** On a connection of the database's owner. */
  asOwner<T>(use: (owner: pg.Client) => Promise<T>): Promise<T>;
};

const CALLERS = { ofBigTenant: 50, ofOtherTenants: 10 };
const POOL_SIZE = 10;

export async function setStage(binDir: string, population: Population): Promise<Stage> {
  await using parts = new AsyncDisposableStack();
  const { ownerUrl } = parts.use(await startCluster(binDir));
  await migrate({ ownerUrl });
  const members = await withClient(ownerUrl, async (owner) => {
    await populate(owner, population);
    return pickMembers(owner, CALLERS.ofBigTenant, CALLERS.ofOtherTenants);
  });

  const pool = parts.use(await startLocalUserPool({ stateFile: null, port: 0, trigger: null }));
  const signed = await Promise.all(members.map(async (member) => ({ ...member, token: await toToken(pool, member) })));
  const load = parts.use(startChild('./load.ts'));
  const opened = parts.move();
  const start = async (login: string, replacements: Replacements = {}): Promise<Server> => {
    const databaseUrl = await createLogin(ownerUrl, login);
    const child = opened.use(startChild('./server.ts'));
    const local = { endpoint: pool.endpoint, keySetUrl: pool.jwksUri };
    const order: StartOrder = { kind: 'start', databaseUrl, poolSize: POOL_SIZE, pool: local, replacements };
    const { url } = await child.ask<StartAnswer>(order);
    const readCpuMs = async () =>
      (await child.ask<CpuAnswer>({ kind: 'cpu' } satisfies CpuOrder)).cpuMs +
      (await readBackendCpuMs(ownerUrl, login));
    return { url, readCpuMs };
  };
  const asOwner: Stage['asOwner'] = (use) => withClient(ownerUrl, use);
  return { load, members: signed, start, asOwner, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** A login role as the product's own is made; the URL that signs in as it. */
async function createLogin(ownerUrl: string, name: string): Promise<string> {
  const { password } = new URL(ownerUrl);
  await grantReach({ ownerUrl, login: { name, password } });
  return Object.assign(new URL(ownerUrl), { username: name }).href;
}
