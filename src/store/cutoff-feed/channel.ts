import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../observability/logger.ts';
import { createEchoes, type Echoes } from './echoes.ts';

/** In milliseconds. */
export type ChannelTimings = {
  /** Between two notifications that the channel sends to itself. */
  readonly beatMs: number;
  /** Without a notification for so long, both connections are replaced. A query on them may take as long. */
  readonly silenceMs: number;
  /** A connection attempt is given up after this time. */
  readonly connectMs: number;
  /** After a connection broke, before the next attempt. */
  readonly pauseMs: number;
};

export const CHANNEL_TIMINGS: ChannelTimings = { beatMs: 500, silenceMs: 2_000, connectMs: 2_000, pauseMs: 250 };

export type ChannelOptions = {
  /** Of the database itself: through a pooler in transaction mode LISTEN succeeds and nothing is ever heard. */
  readonly url: string;
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  /** It listens from now on. What was said before has to be read elsewhere; rejects where it could not be. */
  readonly onOpen: () => Promise<void>;
  readonly timings: ChannelTimings;
  readonly log: Logger;
};

export type Channel = AsyncDisposable & {
  /** Milliseconds on the monotonic clock: all that was committed before then has been heard. */
  provenAt(): number;
  /** True while notifications come through. */
  isProven(): boolean;
  /** Resolves once all that was committed before the call has been heard; rejects where that cannot be known soon. */
  prove(): Promise<void>;
};

const NOT_HEARD =
  'notifications of the database do not come through: what ends tokens is read every second instead. Behind a pooler, ' +
  'set DATABASE_DIRECT_URL to the database itself';

/**
 * Listens for notifications over a connection of its own until it is disposed of. Twice a second it says something to
 * itself, over a second connection: a pooler hands back what a session says to itself, and nothing else. What comes back
 * proves that notifications come through, in the order of commits; where nothing comes back for two seconds, both
 * connections are made anew.
 */
export function openChannel(options: ChannelOptions): Channel {
  const { log, timings } = options;
  const stop = new AbortController();
  const echoes = createEchoes();
  let wasLost = false;
  const lose = (error: unknown) => {
    echoes.lose();
    if (stop.signal.aborted || wasLost) return;
    wasLost = true;
    log.warn({ err: error }, NOT_HEARD);
  };
  echoes.onFirst(() => {
    if (wasLost) log.info('notifications of the database come through again');
    wasLost = false;
  });
  const keep = async () => {
    while (!stop.signal.aborted) {
      await listen(options, echoes, stop.signal).catch(lose);
      await sleep(timings.pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    echoes.lose();
  };
  const kept = keep();
  return {
    provenAt: echoes.provenAt,
    isProven: echoes.isProven,
    prove: () => echoes.prove(timings.silenceMs),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await kept;
    },
  };
}

type Ends = { readonly listener: pg.Client; readonly speaker: pg.Client };

/** Resolves once aborted; rejects when a connection breaks or falls silent. */
async function listen(options: ChannelOptions, echoes: Echoes, signal: AbortSignal): Promise<void> {
  const { promise: broken, reject } = Promise.withResolvers<never>();
  // It may break while nobody waits for it.
  broken.catch(() => undefined);
  const ends = { listener: createClient(options, reject), speaker: createClient(options, reject) };
  const clients = Object.values(ends);
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await Promise.race([broken, hear(ends, options, echoes, signal)]);
  } finally {
    // One that has fallen silent does not say that it ended.
    await Promise.race([Promise.allSettled(clients.map((client) => client.end())), sleep(options.timings.pauseMs)]);
  }
}

function createClient({ url, timings }: ChannelOptions, onBroken: (error: Error) => void): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timings.connectMs,
    query_timeout: timings.silenceMs,
    keepAlive: true,
    application_name: 'tenantry cutoffs',
  });
  client.on('error', onBroken);
  client.on('end', () => onBroken(new Error('the connection ended')));
  return client;
}

async function hear(
  { listener, speaker }: Ends,
  options: ChannelOptions,
  echoes: Echoes,
  signal: AbortSignal,
): Promise<void> {
  const own = `tenantry_echo_${randomBytes(8).toString('hex')}`;
  listener.on('notification', ({ channel, payload = '' }) => {
    if (channel === own) echoes.hear(Number(payload));
    else options.onMessage(payload);
  });
  await listener.query(`listen ${options.channel}; listen ${own}`);
  await options.onOpen();
  let saying: Promise<unknown> = Promise.resolve();
  // One after another: a client runs one query at a time.
  echoes.begin(async (sentAt) => {
    saying = saying.then(() => speaker.query('select pg_notify($1, $2)', [own, String(sentAt)]));
    await saying;
  });
  const { beatMs, silenceMs } = options.timings;
  const begunAt = performance.now();
  while (!signal.aborted) {
    await echoes.send();
    await sleep(beatMs, undefined, { signal }).catch(() => undefined);
    if (performance.now() - Math.max(begunAt, echoes.provenAt()) > silenceMs) {
      throw new Error(`nothing was heard for ${silenceMs} ms`);
    }
  }
}
