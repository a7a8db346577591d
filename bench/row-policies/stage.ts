import { startLocalUserPool } from '../../local/user-pool/index.ts';
import { grantReach, migrate } from '../../src/store/migrate.ts';
import { readBackendCpuMs } from '../support/backend-cpu.ts';
import { type Child, startChild } from '../support/child.ts';
import { startCluster } from '../support/cluster.ts';
import { type Population, pickMembers, populate } from '../support/population.ts';
import type { CpuAnswer, CpuOrder, StartAnswer, StartOrder } from '../support/server.ts';
import { toToken } from '../support/tokens.ts';
import { withClient } from '../support/with-client.ts';

/** One running product, measured from outside. */
export type Server = {
  readonly url: string;
  /** Milliseconds of computing so far, its own and that of its database connections. */
  readCpuMs(): Promise<number>;
};

/** Everything that is measured, and who measures it; each in a process of its own. */
export type Stage = AsyncDisposable & {
  readonly ownerUrl: string;
  /** The product. */
  readonly scoped: Server;
  /** The product with a store that knows no scope. */
  readonly plain: Server;
  readonly load: Child;
  /** Members of the large tenant and some of the small ones, mixed. */
  readonly tokens: readonly string[];
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
  const tokens = await Promise.all(members.map((member) => toToken(pool, member)));
  const start = async (login: string, execArgv: readonly string[] = []): Promise<Server> => {
    const databaseUrl = await createLogin(ownerUrl, login);
    const child = parts.use(startChild('./server.ts', execArgv));
    const local = { endpoint: pool.endpoint, keySetUrl: pool.jwksUri };
    const order: StartOrder = { kind: 'start', databaseUrl, poolSize: POOL_SIZE, pool: local };
    const { url } = await child.ask<StartAnswer>(order);
    const readCpuMs = async () =>
      (await child.ask<CpuAnswer>({ kind: 'cpu' } satisfies CpuOrder)).cpuMs +
      (await readBackendCpuMs(ownerUrl, login));
    return { url, readCpuMs };
  };
  const scoped = await start('scoped');
  const plain = await start('plain', ['--import', import.meta.resolve('./without-scope.ts')]);
  // Only now: at its start the product refuses a login with rights of its own.
  await withClient(ownerUrl, (owner) =>
    owner.query('grant usage on schema public to plain; grant select on all tables in schema public to plain'),
  );
  const load = parts.use(startChild('./load.ts'));
  const opened = parts.move();
  return { ownerUrl, scoped, plain, load, tokens, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** A login role as the product's own is made; the URL that signs in as it. */
async function createLogin(ownerUrl: string, name: string): Promise<string> {
  const { password } = new URL(ownerUrl);
  await grantReach({ ownerUrl, login: { name, password } });
  return Object.assign(new URL(ownerUrl), { username: name }).href;
}
