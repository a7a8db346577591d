import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { DatabaseFault } from './database-faults.ts';
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

// A connection is waited for one second and an answer four and a half; the rest is a busy machine's.
const LONGEST_MS = 8_000;
const READINESS_MS = 3_000;
const RECOVERY_MS = 5_000;

/** What must hold of every fault, however long it lasts. */
export function expectHarmless(report: FaultReport): void {
  expect(report.wrong).toEqual([]);
  expect(report.unavailable).toBeGreaterThan(0);
  expect(report.longestMs).toBeLessThan(LONGEST_MS);
  expect(report.recoveryMs).toBeLessThan(RECOVERY_MS);
  expect(report.rightAfter).toBeGreaterThan(0);
  expect(report.readiness.longestMs).toBeLessThan(READINESS_MS);
}

const WARM_UP_MS = 300;
const GIVE_UP_MS = 15_000;
/** So many right answers in a row: it is over. */
const RIGHT_IN_A_ROW = 40;

/** Lets a fault begin and end under load, and tells what the callers saw from beginning to recovery. */
export async function reportFault(product: FaultyProduct, fault: DatabaseFault, faultMs: number): Promise<FaultReport> {
  const load = await startSteadyLoad(product);
  await delay(WARM_UP_MS);
  const begunAt = performance.now();
  const end = await fault.begin(product.server);
  const readiness = await probeFor(product.url, faultMs);
  await end();
  const endedAt = performance.now();
  while (!isOver(load, endedAt)) await delay(50);
  await load.stop();
  return { ...summarize(load.samples, begunAt, endedAt), readiness };
}

function isOver({ samples, isWaitingSince }: SteadyLoad, endedAt: number): boolean {
  if (performance.now() - endedAt > GIVE_UP_MS) return true;
  const recoveredAt = samples.findLast(({ outcome }) => outcome !== 'right')?.endedAt ?? endedAt;
  if (isWaitingSince(Math.max(endedAt, recoveredAt))) return false;
  const last = samples.slice(-RIGHT_IN_A_ROW);
  return last.every(({ begunAt, outcome }) => begunAt > endedAt && outcome === 'right');
}

async function probeFor(url: string, faultMs: number): Promise<FaultReport['readiness']> {
  const until = performance.now() + faultMs;
  const statuses: number[] = [];
  let longestMs = 0;
  while (performance.now() < until) {
    const begun = performance.now();
    statuses.push((await fetch(`${url}/readyz`)).status);
    longestMs = Math.max(longestMs, performance.now() - begun);
    await delay(100);
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
