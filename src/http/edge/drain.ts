import type { FastifyInstance } from 'fastify';

export type Drain = {
  /** True from the first word of stopping. */
  isUnderWay(): boolean;
  /** From now on every answer ends its connection, so that no idle one is left to be closed under a request. */
  begin(): void;
  /** Takes no more connections and waits for the requests there are; those still open at the end are cut. */
  finish(): Promise<void>;
};

/** In milliseconds. */
export type DrainTimings = {
  /** From `begin` until the requests still open are cut. */
  readonly cutAfterMs: number;
};

/** A container that is told to stop has 10 s before it is killed; the other parts must close in what is left. */
export const DRAIN_TIMINGS: DrainTimings = { cutAfterMs: 9_000 };

/** Timings left out are as in DRAIN_TIMINGS. */
export function createDrain(app: FastifyInstance, timings?: Partial<DrainTimings>): Drain {
  const { cutAfterMs } = { ...DRAIN_TIMINGS, ...timings };
  let cutAt: number | null = null;
  const begin = () => {
    cutAt ??= performance.now() + cutAfterMs;
    return cutAt;
  };
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (cutAt !== null) reply.header('connection', 'close');
    done();
  });
  return {
    isUnderWay: () => cutAt !== null,
    begin,
    finish: async () => {
      const timer = setTimeout(() => cut(app), begin() - performance.now());
      await app.close();
      clearTimeout(timer);
    },
  };
}

function cut(app: FastifyInstance): void {
  app.log.warn('requests that did not end in time were cut');
  app.server.closeAllConnections();
}
