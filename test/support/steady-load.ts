import { setTimeout as delay } from 'node:timers/promises';
import { vi } from 'vitest';
import { EVENTUALLY } from './eventually.ts';
import type { FaultyProduct } from './faulty-product.ts';
import { sendEvent } from './webhooks.ts';

export type Sample = {
  /** Milliseconds on the clock of `performance.now`. */
  readonly begunAt: number;
  readonly endedAt: number;
  /** Which of the requests that callers take turns with. */
  readonly request: number;
  /** What came back: exactly what is right, a proper "not now", or anything else in its own words. */
  readonly outcome: 'right' | 'unavailable' | (string & {});
};

type Reply = { readonly status: number; readonly headers: Headers; readonly text: string };
type Ask = { readonly send: () => Promise<Reply>; readonly expected: string };

export type SteadyLoad = AsyncDisposable & {
  /** All answers so far. */
  readonly samples: readonly Sample[];
  /** How many different requests callers take turns with. */
  readonly requests: number;
  /** Whether a request begun before this instant still waits for its answer. */
  isWaitingSince(instant: number): boolean;
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
  // Of all callers together, so that whenever they wait at once they wait for every kind of request.
  let turn = 0;
  const loop = async (caller: number) => {
    while (isOn) {
      begun.set(caller, performance.now());
      samples.push(await take(turns, turn++ % turns.length));
      await delay(PAUSE_MS);
    }
  };
  const loops = Array.from({ length: callers }, (_, caller) => loop(caller));
  return {
    samples,
    requests: turns.length,
    isWaitingSince: (instant) => [...begun.values()].some((begunAt) => begunAt < instant),
    [Symbol.asyncDispose]: async () => {
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
      const ask = async () => {
        const { status, text } = await send();
        if (status !== 200 || text.includes('"errors"')) throw new Error(`no load to begin with: ${status} ${text}`);
        return text;
      };
      return { send, expected: await vi.waitFor(ask, EVENTUALLY) };
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

async function take(turns: readonly Ask[], request: number): Promise<Sample> {
  const begunAt = performance.now();
  const ask = turns[request];
  const outcome = ask === undefined ? 'nothing asked' : await ask.send().then(judge(ask.expected), String);
  return { begunAt, endedAt: performance.now(), request, outcome };
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
