import { setTimeout as sleep } from 'node:timers/promises';
import type { Outbox } from '../domain/outbox.ts';
import { type Courier, DELIVERY_TIMINGS, type DeliveryTimings, deliver } from './outbox/deliver.ts';
import { claimDue, claimFor, countFor, measure, removeOld } from './outbox/entries.ts';

export type StartedOutbox = Outbox & AsyncDisposable;

/** In milliseconds. */
export type OutboxTimings = DeliveryTimings & {
  /** Between two looks for entries that are due. */
  readonly pollMs: number;
  /** A caller who waits for one user's entries looks for them again after this time. */
  readonly lookAgainMs: number;
  /** Between two rounds that measure the backlog and remove old entries. */
  readonly housekeepingMs: number;
};

export const OUTBOX_TIMINGS: OutboxTimings = {
  ...DELIVERY_TIMINGS,
  pollMs: 1_000,
  lookAgainMs: 50,
  housekeepingMs: 15_000,
};

export type OutboxOptions = Omit<Courier, 'timings'> & {
  /** Those left out are as in OUTBOX_TIMINGS. */
  readonly timings?: Partial<OutboxTimings> | undefined;
};

/**
 * Tells the pool what the transactions of this node and of others left for it: at once after `wake`, and every second
 * whatever happens, for a process may have ended between its commit and its word. Several nodes share the work.
 */
export function startOutbox(options: OutboxOptions): StartedOutbox {
  const { database, log, metrics } = options;
  const timings = { ...OUTBOX_TIMINGS, ...options.timings };
  const courier: Courier = { ...options, timings };
  let isClosed = false;
  let isAnother = false;
  let underWay: Promise<void> | null = null;

  const deliverDue = async () => {
    do {
      isAnother = false;
      const entries = await claimDue(database);
      await Promise.all(entries.map((entry) => deliver(courier, entry, 'patient')));
      // What stood behind one that is done is due now.
      isAnother ||= entries.length > 0;
    } while (isAnother && !isClosed);
  };
  const wake = () => {
    isAnother = true;
    underWay ??= deliverDue()
      .catch((error: unknown) => log.debug({ err: error }, 'the outbox could not be read'))
      .finally(() => {
        underWay = null;
      });
  };
  let backlog = { waiting: 0, oldestSeconds: 0 };
  metrics.watchOutbox(() => backlog);
  const keepHouse = async () => {
    backlog = await measure(database);
    await removeOld(database);
  };
  const timers = [
    setInterval(wake, timings.pollMs),
    setInterval(() => {
      keepHouse().catch((error: unknown) => log.debug({ err: error }, 'the outbox could not be measured'));
    }, timings.housekeepingMs),
  ];
  return {
    wake,
    deliverTo: async (userId, signal) => {
      await untilAborted(signal, deliverAll(courier, timings.lookAgainMs, userId, signal)).catch((error: unknown) =>
        log.warn({ err: error }, 'the pool is told of a user later'),
      );
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      for (const timer of timers) clearInterval(timer);
      await underWay;
    },
  };
}

async function deliverAll(courier: Courier, lookAgainMs: number, userId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const [entry] = await claimFor(courier.database, userId);
    if (entry !== undefined) await deliver(courier, entry, 'urgent');
    else if ((await countFor(courier.database, userId)) === 0) return;
    // Another has it in hand, or it failed just now.
    else await sleep(lookAgainMs);
  }
}

function untilAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return Promise.race([work, promise]);
}
