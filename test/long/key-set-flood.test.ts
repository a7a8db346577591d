import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, startChild } from '../../bench/support/child.ts';
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import { createTestDatabase } from '../support/database.ts';
import { createForge } from '../unit/identity/forge.ts';
import { type KeyEndpoint, type Mode, startKeyEndpoint } from './key-set-flood/key-endpoint.ts';
import type { FloodAnswer, FloodOrder } from './key-set-flood/open-loop.ts';
import type { CpuAnswer, ProductOrder, StartAnswer } from './key-set-flood/product.ts';

const PER_SECOND = 1_000;
const GOOD_PER_SECOND = 100;
const ROUNDS = 25;
const FLOOD_MS = 4_000;
// So short that the last good fetch is never 10 s old when the flood goes on: a slow one takes 2 s, each comes after 5.
const PAUSE_MS = 2_000;
const SILENCE_MS = 10_000;
const WARM_UP_MS = 10_000;
const MINUTES = 60_000;
/** Rounds in which the last good fetch may still be younger than 10 s, or the first one may still be under way. */
const FRESH_ROUNDS = 2;
const MOST_TIMES_SLOWER = 1.2;

type Attack = 'random key ids' | 'cheap refusals' | 'silence';
type Statuses = FloodAnswer['statuses'];
type Window = {
  readonly bad: Statuses;
  readonly good: Statuses;
  readonly goodMs: readonly number[];
  /** What the product computed meanwhile. */
  readonly cpuMs: number;
};

const forge = createForge({ poolId: LOCAL_POOL.poolId, clientId: LOCAL_POOL.clientId });
const GOOD = Array.from({ length: 20 }, () => forge.sign(forge.userClaims()));
// Good but for the key id, so that nothing else refuses it; and as long, but refused by its header.
const REST = forge.sign(forge.userClaims()).split('.').slice(1).join('.');
const ALG: Readonly<Record<Attack, string>> = { 'random key ids': 'RS256', 'cheap refusals': 'HS256', silence: '' };

const parts = new AsyncDisposableStack();
let url: string;
let keys: KeyEndpoint;
let product: Child;
let flood: Child;
let callers: Child;

beforeAll(async () => {
  const database = await createTestDatabase();
  parts.defer(() => database.drop());
  keys = parts.use(await startKeyEndpoint(JSON.stringify(forge.jwks)));
  const start = (module: string) => parts.use(startChild(import.meta.resolve(`./key-set-flood/${module}`)));
  [product, flood, callers] = [start('product.ts'), start('open-loop.ts'), start('open-loop.ts')];
  const order: ProductOrder = { kind: 'start', databaseUrl: database.appUrl, keySetUrl: keys.url };
  url = (await product.ask<StartAnswer>(order)).url;
  await take('random key ids', WARM_UP_MS);
}, 2 * MINUTES);
afterAll(() => parts.disposeAsync());

/** Good callers for a while, and an attack beside them. */
async function take(attack: Attack, durationMs: number): Promise<Window> {
  const order = { url, durationMs };
  const cpuBefore = await readCpuMs();
  const [bad, good] = await Promise.all([
    attack === 'silence'
      ? null
      : flood.ask<FloodAnswer>({
          ...order,
          perSecond: PER_SECOND,
          tokens: { alg: ALG[attack], rest: REST },
        } satisfies FloodOrder),
    callers.ask<FloodAnswer>({ ...order, perSecond: GOOD_PER_SECOND, tokens: GOOD } satisfies FloodOrder),
  ]);
  const cpuMs = (await readCpuMs()) - cpuBefore;
  return { bad: bad?.statuses ?? {}, good: good.statuses, goodMs: good.latenciesMs, cpuMs };
}

const readCpuMs = async () => (await product.ask<CpuAnswer>({ kind: 'cpu' } satisfies ProductOrder)).cpuMs;

type Phase = { readonly flood: readonly Window[]; readonly cheap: readonly Window[]; readonly isInBudget: boolean };

/** The flood and cheap refusals in turn, so that whatever else the machine does meets both. */
async function runPhase(mode: Mode): Promise<Phase> {
  keys.set(mode);
  const [begun, before] = [performance.now(), keys.fetches()];
  const phase = { flood: [] as Window[], cheap: [] as Window[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    phase.cheap.push(await take('cheap refusals', PAUSE_MS));
    phase.flood.push(await take('random key ids', FLOOD_MS));
  }
  const seconds = (performance.now() - begun) / 1000;
  const fetches = keys.fetches() - before;
  report(`${mode}: ${fetches} fetches in ${seconds.toFixed(0)} s`);
  return { ...phase, isInBudget: fetches <= 2 + seconds / 5 };
}

function p99(windows: readonly Window[]): number {
  const sorted = windows.flatMap(({ goodMs }) => goodMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

function sumOf(all: readonly Statuses[]): Statuses {
  const sum: Record<string, number> = {};
  for (const [status, count] of all.flatMap((one) => Object.entries(one))) {
    sum[status] = (sum[status] ?? 0) + count;
  }
  return sum;
}

const toLoad = (windows: readonly Window[]) => {
  const seconds = windows.reduce((sum, { goodMs }) => sum + goodMs.length / GOOD_PER_SECOND, 0);
  return (windows.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000 / seconds).toFixed(2);
};
const badOf = (windows: readonly Window[]) => sumOf(windows.map(({ bad }) => bad));
const goodOf = (windows: readonly Window[]) => sumOf(windows.map(({ good }) => good));
const report = (line: string) => process.stdout.write(`${line}\n`);

const medianOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * How much slower a flood makes the slowest hundredth of good answers than as many cheap refusals do: the middle of all
 * rounds, each compared within itself, since a pause of the machine in one of them decides the p99 of them all.
 */
function compare({ flood, cheap }: Phase): number {
  const [during, beside] = [p99(flood), p99(cheap)];
  report(`  answers to the flood ${JSON.stringify(badOf(flood))}, to good callers ${JSON.stringify(goodOf(flood))}`);
  report(`  CPU of the product: ${toLoad(flood)} of a core, beside cheap refusals ${toLoad(cheap)}`);
  const ratio = medianOf(flood.map((window, round) => p99([window]) / p99(cheap.slice(round, round + 1))));
  report(`  p99 of good answers: ${during.toFixed(2)} ms, beside cheap refusals ${beside.toFixed(2)} ms`);
  report(`  the middle round: ${ratio.toFixed(2)} times that beside cheap refusals`);
  return ratio;
}

describe('a thousand random key ids a second', () => {
  it.each([
    ['up', '401'],
    ['slow', '401'],
    ['down', '503'],
  ] as const)(
    'with the key set %s: fetches within the budget, the right refusals, and good callers hardly notice',
    async (mode, status) => {
      report(`silence: p99 of good answers ${p99([await take('silence', SILENCE_MS)]).toFixed(2)} ms`);
      const phase = await runPhase(mode);
      const ratio = compare(phase);
      expect(Object.keys(goodOf(phase.flood))).toEqual(['200']);
      expect(['401', '503']).toEqual(expect.arrayContaining(Object.keys(badOf(phase.flood))));
      expect(Object.keys(badOf(phase.flood.slice(FRESH_ROUNDS)))).toEqual([status]);
      expect(phase.isInBudget).toBe(true);
      expect(ratio).toBeLessThan(MOST_TIMES_SLOWER);
    },
    10 * MINUTES,
  );
});
