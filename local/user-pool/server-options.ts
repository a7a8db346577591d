import type { Pool, PoolLog } from './pool.ts';

export type ServerOptions = {
  readonly pool: Pool;
  readonly log: PoolLog;
  /** Keeps what an operation changed, before its answer leaves. */
  readonly save: () => Promise<void>;
};
