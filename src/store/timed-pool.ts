import pg from 'pg';

type OnConnection = Parameters<pg.Pool['connect']>[0];

/** A pool that knows how long its callers have been waiting for a connection. */
export class TimedPool extends pg.Pool {
  // In the order they came, which is the order they are served in.
  readonly #waiting = new Set<{ readonly since: number }>();

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: OnConnection): void;
  override connect(callback?: OnConnection): Promise<pg.PoolClient> | undefined {
    const caller = { since: performance.now() };
    this.#waiting.add(caller);
    if (callback === undefined) return super.connect().finally(() => this.#waiting.delete(caller));
    super.connect((error, client, release) => {
      this.#waiting.delete(caller);
      callback(error, client, release);
    });
    return undefined;
  }

  /** Milliseconds the caller first in line has waited; 0 while nobody waits, or one more could have a connection of his own. */
  queueMs(): number {
    const [first] = this.#waiting;
    const isLine = this.idleCount === 0 && this.totalCount >= this.options.max;
    return first === undefined || !isLine ? 0 : performance.now() - first.since;
  }
}
