import { setTimeout as sleep } from 'node:timers/promises';
import { type Cutoffs, createCutoffs, type TenantRules } from '../identity/cutoffs.ts';
import type { Principal } from '../identity/principal.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import { CHANNEL_TIMINGS, type ChannelTimings, openChannel } from './cutoff-feed/channel.ts';
import { createFilling } from './cutoff-feed/filling.ts';
import { readAbout, toCutoff } from './cutoff-feed/rows.ts';
import type { Database } from './database.ts';

/** How a caller stands just now, whatever his token says. */
export type Standing = {
  /** Why the token is no credential any more where memory could not tell, for the log; null while it is one. */
  readonly end: string | null;
  /** A refresh would tell of another role or membership. */
  readonly isStale: boolean;
  /** Of the token's tenant; null where it is open and asks for nothing. */
  readonly tenantRules: TenantRules | null;
};

/** In milliseconds. */
export type RevocationTimings = ChannelTimings & {
  /** A node that starts waits so long for its notification channel, and then starts without it. */
  readonly openMs: number;
  /** Between two rounds that read the table of revocations where notifications may be missing. */
  readonly tickMs: number;
  /** Once revocations in memory may be older than this, each request asks the database. */
  readonly staleMs: number;
};

export const REVOCATION_TIMINGS: RevocationTimings = {
  ...CHANNEL_TIMINGS,
  openMs: 3_000,
  tickMs: 1_000,
  staleMs: 5_000,
};

export type CutoffFeedOptions = {
  readonly database: Pick<Database, 'query'>;
  /** Where notifications are listened for: the database itself, past any pooler. */
  readonly directUrl: string;
  /** Filled and kept up to date. */
  readonly cutoffs: Cutoffs;
  /** Those left out are as in REVOCATION_TIMINGS. */
  readonly timings?: Partial<RevocationTimings> | undefined;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'watchCutoffs'>;
};

export type CutoffFeed = AsyncDisposable & {
  /**
   * From memory while nothing older than five seconds can be missing there; else the database is asked. Rejects with
   * AppError SERVICE_UNAVAILABLE when neither can tell.
   */
  standingOf(principal: Principal): Standing | Promise<Standing>;
  /** Resolves when all that was committed before is known here; also where that cannot be told, and the log says so. */
  catchUp(): Promise<void>;
};

const CHANNEL = 'tenantry_cutoffs';
/** While notifications come through, the table is read every so many ticks only. */
const QUIET_TICKS = 10;
const REFILL_TICKS = 3_600;

/**
 * Fills `cutoffs` and keeps them up to date: by notifications, and by reading what they may have missed. Resolves once they
 * are filled; rejects when they cannot be.
 */
export async function startCutoffFeed(options: CutoffFeedOptions): Promise<CutoffFeed> {
  const { database, cutoffs, log } = options;
  const timings = { ...REVOCATION_TIMINGS, ...options.timings };
  const filling = createFilling(database, cutoffs);
  // Something was heard and not understood: until all is read anew, hearing proves nothing.
  let doubtedAt = Number.NEGATIVE_INFINITY;
  const isDoubted = () => filling.readAt() < doubtedAt;
  const listening = Promise.withResolvers<void>();
  const filled = Promise.withResolvers<void>();
  filled.promise.catch(() => undefined);
  await using parts = new AsyncDisposableStack();
  const channel = parts.use(
    openChannel({
      url: options.directUrl,
      channel: CHANNEL,
      onMessage: (payload) => {
        try {
          filling.take(toCutoff(payload));
        } catch (error) {
          // Whoever may connect may notify; where it was a row after all, reading the table comes upon it too, and fails.
          doubtedAt = performance.now();
          log.warn({ err: error }, 'a notification of the database says nothing that is known');
        }
      },
      onOpen: async () => {
        listening.resolve();
        await filled.promise;
        await filling.readRecent();
      },
      timings,
      log,
    }),
  );
  // Listening first, so that nothing falls between; without it, what is read every second has to do.
  await Promise.race([listening.promise, sleep(timings.openMs, undefined, { ref: false })]);
  await filling.refill().then(filled.resolve, (error: unknown) => {
    filled.reject(error);
    throw error;
  });

  const ageMs = () =>
    performance.now() - (isDoubted() ? filling.readAt() : Math.max(filling.readAt(), channel.provenAt()));
  let tick = 0;
  const keep = async () => {
    tick += 1;
    if (tick % REFILL_TICKS === 0) await filling.refill();
    else if (!channel.isProven() || isDoubted() || tick % QUIET_TICKS === 0) await filling.readRecent();
  };
  const timer = setInterval(() => {
    keep().catch((error: unknown) => log.debug({ err: error }, 'what ends tokens could not be read'));
  }, timings.tickMs);
  parts.defer(() => clearInterval(timer));
  options.metrics.watchCutoffs(() => ({
    ageSeconds: ageMs() / 1_000,
    held: cutoffs.size(),
    isListening: channel.isProven(),
  }));
  const opened = parts.move();
  return {
    // The verifier asked the same sets a moment ago which tokens have ended.
    standingOf: (principal) =>
      ageMs() <= timings.staleMs ? { end: null, ...toStanding(cutoffs, principal) } : askDatabase(database, principal),
    catchUp: () =>
      channel
        .prove()
        .catch(() => filling.readRecent())
        .catch((error: unknown) => log.warn({ err: error }, 'what was just changed is known here later')),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function toStanding(cutoffs: Cutoffs, principal: Principal): Omit<Standing, 'end'> {
  return { isStale: cutoffs.isStale(principal), tenantRules: cutoffs.rulesOf(principal.tenantId) };
}

async function askDatabase(database: Pick<Database, 'query'>, principal: Principal): Promise<Standing> {
  const rows = await readAbout(database, principal);
  const about = createCutoffs();
  about.refill(rows);
  // The registry in memory may be as old as all else there.
  const isClientEnded = rows.some(({ kind }) => kind === 'CLIENT') && !isServed(about, principal);
  const end = isClientEnded ? 'client_id: ended or bound to another tenant' : about.findEnd(principal);
  return { end, ...toStanding(about, principal) };
}

function isServed(about: Cutoffs, { clientId, tenantId }: Principal): boolean {
  const client = about.findClient(clientId);
  return client !== undefined && (client.tenantId === null || client.tenantId === tenantId);
}
