import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { DatabaseFault } from './database-faults.ts';
import { EVENTUALLY } from './eventually.ts';
import type { FaultyProduct } from './faulty-product.ts';
import { type Sample, type SteadyLoad, startSteadyLoad } from './steady-load.ts';

export type FaultReport = {
  readonly requests: number;
  readonly right: number;
  readonly unavailable: number;
  /** Answers that are neither; none is allowed. */
  readonly wrong: readonly string[];
  readonly longestMs: number;
  /** From the end of the fault to the last answer that was not right; 0 when all were. */
  readonly recoveryMs: number;
  /** Right answers to requests begun after that. */
  readonly rightAfter: number;
  /** The status of /readyz while it lasted, and how long the longest took. */
  readonly readiness: { readonly statuses: readonly number[]; readonly longestMs: number };
};

/** What must hold of every fault, however long it lasts. */
export function expectHarmless(report: FaultReport): void {
  expect(report.wrong).toEqual([]);
  expect(report.unavailable).toBeGreaterThan(0);
  expect(report.rightAfter).toBeGreaterThan(0);
}

/** When a fault ends: after a time, or as soon as requests of every kind were answered while it lasted. */
export type FaultEnd = { readonly afterMs: number } | 'once answered';

/** So many right answers in a row, several of each kind: the load is under way, or the fault is over. */
const RIGHT_IN_A_ROW = 20;
const PAUSE_MS = 20;
/** With a fault that lasts no time, the first probe may meet a connection that the fault ended. */
const PROBES = 2;

/**
 * Begins and ends a fault under load, and returns what callers saw from its beginning to the recovery. `once answered`
 * ends it when no earlier request waits any more, each kind of request was sent and answered while it lasted, and at least
 * one answer was "unavailable": so no answer waits for the end of the fault. Throws when that never happens.
 */
export async function reportFault(product: FaultyProduct, fault: DatabaseFault, until: FaultEnd): Promise<FaultReport> {
  await using load = await startSteadyLoad(product);
  await expect.poll(() => isRight(load, 0), { ...EVENTUALLY, message: 'right answers before the fault' }).toBe(true);
  const begunAt = performance.now();
  const isRefused = () => load.samples.some(({ outcome, endedAt }) => outcome === 'unavailable' && endedAt > begunAt);
  const refused = () => expect.poll(isRefused, { ...EVENTUALLY, message: 'a refusal during the fault' }).toBe(true);
  const end = await fault.begin(product.server, refused);
  const inForceAt = performance.now();
  const isPast = () =>
    until === 'once answered'
      ? isRefused() && isAnswered(load, inForceAt)
      : performance.now() - inForceAt >= until.afterMs;
  const readiness = await probeUntil(product.url, fault.readiness, isPast).finally(end);
  const endedAt = performance.now();
  await expect
    .poll(() => isOver(load, endedAt), { ...EVENTUALLY, message: 'right answers after the fault' })
    .toBe(true);
  return { ...summarize(load.samples, begunAt, endedAt), readiness };
}

function isAnswered({ samples, requests, isWaitingSince }: SteadyLoad, since: number): boolean {
  const answered = samples.filter(({ begunAt }) => begunAt > since).map(({ request }) => request);
  return !isWaitingSince(since) && new Set(answered).size === requests;
}

function isOver(load: SteadyLoad, endedAt: number): boolean {
  const { samples, isWaitingSince } = load;
  const recoveredAt = samples.findLast(({ outcome }) => outcome !== 'right')?.endedAt ?? endedAt;
  return !isWaitingSince(Math.max(endedAt, recoveredAt)) && isRight(load, endedAt);
}

function isRight({ samples }: SteadyLoad, since: number): boolean {
  const last = samples.slice(-RIGHT_IN_A_ROW);
  const areRight = last.every(({ begunAt, outcome }) => begunAt > since && outcome === 'right');
  return last.length === RIGHT_IN_A_ROW && areRight;
}

/** Asks /readyz until the fault may end and the answer is `expected`; null expects none. */
async function probeUntil(
  url: string,
  expected: DatabaseFault['readiness'],
  isPast: () => boolean,
): Promise<FaultReport['readiness']> {
  const statuses: number[] = [];
  let longestMs = 0;
  const since = performance.now();
  while (statuses.length < PROBES || !isPast() || (expected !== null && statuses.at(-1) !== expected)) {
    const begun = performance.now();
    if (begun - since > EVENTUALLY.timeout) throw new Error(`no answers while the fault lasts: /readyz ${statuses}`);
    statuses.push((await fetch(`${url}/readyz`)).status);
    longestMs = Math.max(longestMs, performance.now() - begun);
    await delay(PAUSE_MS);
  }
  return { statuses, longestMs };
}

function summarize(samples: readonly Sample[], begunAt: number, endedAt: number): Omit<FaultReport, 'readiness'> {
  const seen = samples.filter((sample) => sample.endedAt >= begunAt);
  const count = (outcome: string) => seen.filter((sample) => sample.outcome === outcome).length;
  const recoveredAt = Math.max(endedAt, ...seen.filter(({ outcome }) => outcome !== 'right').map((it) => it.endedAt));
  return {
    requests: seen.length,
    right: count('right'),
    unavailable: count('unavailable'),
    wrong: seen.map(({ outcome }) => outcome).filter((it) => it !== 'right' && it !== 'unavailable'),
    longestMs: Math.round(Math.max(...seen.map((sample) => sample.endedAt - sample.begunAt))),
    recoveryMs: Math.round(recoveredAt - endedAt),
    rightAfter: seen.filter(({ begunAt: at, outcome }) => at > recoveredAt && outcome === 'right').length,
  };
}
