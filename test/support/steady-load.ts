import { setTimeout as delay } from 'node:timers/promises';
import type { FaultyProduct } from './faulty-product.ts';
import { sendEvent } from './webhooks.ts';

export type Sample = {
  /** Milliseconds on the clock of `performance.now`. */
  readonly begunAt: number;
  readonly endedAt: number;
  /** What came back: exactly what is right, a proper "not now", or anything else in its own words. */
  readonly outcome: 'right' | 'unavailable' | (string & {});
};

type Reply = { readonly status: number; readonly headers: Headers; readonly text: string };
type Ask = { readonly send: () => Promise<Reply>; readonly expected: string };

export type SteadyLoad = {
  /** All answers so far. */
  readonly samples: readonly Sample[];
  /** Whether a request begun before this instant still waits for its answer. */
  isWaitingSince(instant: number): boolean;
  stop(): Promise<void>;
};

const PAUSE_MS = 5;
const VIEWER = '{ viewer { profile { email } tenant { slug } memberships { tenant { slug } } } }';
const MEMBERS = '{ members(first: 50) { totalCount nodes { role user { email } } } }';
const RENAME = 'mutation { updateProfile(input: { displayName: "Mia" }) { user { displayName } } }';

/** Callers who each send one request after the other: mostly queries, now and then a mutation or a trigger of the pool. */
export async function startSteadyLoad(product: FaultyProduct, callers = 6): Promise<SteadyLoad> {
  const turns = await toTurns(product);
  const samples: Sample[] = [];
  const begun = new Map<number, number>();
  let isOn = true;
  const loop = async (caller: number) => {
    for (let turn = caller; isOn; turn += 1) {
      begun.set(caller, performance.now());
      samples.push(await take(turns[turn % turns.length]));
      await delay(PAUSE_MS);
    }
  };
  const loops = Array.from({ length: callers }, (_, caller) => loop(caller));
  return {
    samples,
    isWaitingSince: (instant) => [...begun.values()].some((begunAt) => begunAt < instant),
    stop: async () => {
      isOn = false;
      await Promise.all(loops);
    },
  };
}

/** What is asked, each with the answer it had while all was well. */
async function toTurns(product: FaultyProduct): Promise<readonly Ask[]> {
  const graphql = [VIEWER, MEMBERS, VIEWER, RENAME].map((query) => () => post(product, query));
  const all = [...graphql, () => sendEvent(product, product.tokenEvent)];
  return Promise.all(
    all.map(async (send) => {
      const { status, text } = await send();
      if (status !== 200 || text.includes('"errors"')) throw new Error(`no load to begin with: ${status} ${text}`);
      return { send, expected: text };
    }),
  );
}

async function post({ url, token }: FaultyProduct, query: string): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function take(ask: Ask | undefined): Promise<Sample> {
  const begunAt = performance.now();
  const outcome = ask === undefined ? 'nothing asked' : await ask.send().then(judge(ask.expected), String);
  return { begunAt, endedAt: performance.now(), outcome };
}

const judge =
  (expected: string) =>
  ({ status, headers, text }: Reply): string => {
    if (status === 200 && text === expected) return 'right';
    const codes = new Set([...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code));
    const isProper =
      status === 503 && Number(headers.get('retry-after')) > 0 && [...codes].join() === 'SERVICE_UNAVAILABLE';
    return isProper && !/globex|gina/.test(text) ? 'unavailable' : `${status} ${text}`;
  };
