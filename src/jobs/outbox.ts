import { setTimeout as sleep } from 'node:timers/promises';
import type { Outbox } from '../domain/outbox.ts';
import { type Courier, deliver } from './outbox/deliver.ts';
import { claimDue, claimFor, countFor, measure, removeOld } from './outbox/entries.ts';

export type StartedOutbox = Outbox & AsyncDisposable;

const POLL_MS = 1_000;
const LOOK_AGAIN_MS = 50;
const HOUSEKEEPING_MS = 15_000;

/**
 * Tells the pool what the transactions of this node and of others left for it: at once after `wake`, and every second
 * whatever happens, for a process may have ended between its commit and its word. Several nodes share the work.
 */
export function startOutbox(courier: Courier): StartedOutbox {
  const { database, log, metrics } = courier;
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
    setInterval(wake, POLL_MS),
    setInterval(() => {
      keepHouse().catch((error: unknown) => log.debug({ err: error }, 'the outbox could not be measured'));
    }, HOUSEKEEPING_MS),
  ];
  return {
    wake,
    deliverTo: async (userId, signal) => {
      await untilAborted(signal, deliverAll(courier, userId, signal)).catch((error: unknown) =>
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

async function deliverAll(courier: Courier, userId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const [entry] = await claimFor(courier.database, userId);
    if (entry !== undefined) await deliver(courier, entry, 'urgent');
    else if ((await countFor(courier.database, userId)) === 0) return;
    // Another has it in hand, or it failed just now.
    else await sleep(LOOK_AGAIN_MS);
  }
}

function untilAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return Promise.race([work, promise]);
}
