import type { AppOptions, AppTimings } from '../../src/app.ts';
import { codesOf } from './answers.ts';
import { type Product, startBeside, toOptions } from './product.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export type NodeBeside = AsyncDisposable & {
  readonly url: string;
  /** The way its notifications take. */
  readonly channel: TcpProxy;
  /** The way all else takes to the database. */
  readonly database: TcpProxy;
  /** Status and code of what it answers this bearer; the status alone of a whole answer. */
  ask(token: string, query?: string): Promise<string>;
};

/** One more node beside the product's own, over the same database and pool, whose ways to the database can be cut. */
export async function startNodeBeside(
  product: Product,
  given: Partial<AppOptions> = {},
  timings: AppTimings = {},
): Promise<NodeBeside> {
  const [channel, database] = await Promise.all([
    startTcpProxy(product.database.appUrl),
    startTcpProxy(product.database.appUrl),
  ]);
  const options = toOptions(product.pool, product.database);
  const node = await startBeside(product, {
    app: { database: { ...options.database, url: database.url, directUrl: channel.url }, ...given },
    overrides: { timings },
  });
  return {
    url: node.url,
    channel,
    database,
    ask: async (token, query = '{ viewer { sub } }') => {
      const answer = await node.query(token, query);
      return [answer.status, ...codesOf(answer)].join(' ');
    },
    [Symbol.asyncDispose]: async () => {
      await node[Symbol.asyncDispose]();
      await channel.stop();
      await database.stop();
    },
  };
}
