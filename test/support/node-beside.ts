import { type App, type AppOptions, createApp } from '../../src/app.ts';
import { type Product, toOptions } from './product.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export type NodeBeside = AsyncDisposable & {
  readonly url: string;
  readonly app: App;
  /** The way its notifications take. */
  readonly channel: TcpProxy;
  /** The way all else takes to the database. */
  readonly database: TcpProxy;
  /** Status and code of what it answers this bearer; the status alone of a whole answer. */
  ask(token: string, query?: string): Promise<string>;
};

/** One more node beside the product's own, over the same database and pool, whose ways to the database can be cut. */
export async function startNodeBeside(product: Product, given: Partial<AppOptions> = {}): Promise<NodeBeside> {
  const [channel, database] = await Promise.all([
    startTcpProxy(product.database.appUrl),
    startTcpProxy(product.database.appUrl),
  ]);
  const options = toOptions(product.pool, product.database);
  const app = await createApp({
    ...options,
    database: { ...options.database, url: database.url, directUrl: channel.url },
    ...given,
  });
  return {
    url: app.url,
    app,
    channel,
    database,
    ask: async (token, query = '{ viewer { sub } }') => {
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      const { errors = [] } = JSON.parse(await response.text());
      return [response.status, ...errors.map((error: { extensions: { code: string } }) => error.extensions.code)].join(
        ' ',
      );
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await channel.stop();
      await database.stop();
    },
  };
}
