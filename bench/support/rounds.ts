import type { Child } from './child.ts';
import { HttpConnection, toRequest } from './http-connection.ts';
import type { Ask, LoadAnswer, LoadOrder } from './load.ts';
import type { Server } from './stage.ts';

/** What is compared: a product, who asks it what, and what must be so before it is asked. */
export type Condition = {
  readonly name: string;
  readonly server: Server;
  readonly asks: (operation: string) => readonly Ask[];
  readonly prepare?: () => Promise<void>;
};
/** What is measured, and what it is compared with. */
export type Conditions = readonly [measured: Condition, ...others: Condition[]];

export type Figures = Omit<LoadAnswer, 'failure' | 'requests'> & {
  /** Microseconds of computing for a request, in Node and in PostgreSQL together: hardly moved by what else runs. */
  readonly cpuUs: number;
};
export type Sample = Figures & {
  readonly operation: string;
  readonly condition: string;
  readonly round: number;
};
export type Plan = { readonly rounds: number; readonly durationMs: number };

const CONNECTIONS = 16;
const WARM_UP_MS = 1_000;
const COMPILE_MS = 3_000;

/** Measures the operations under every condition in turn, and tells of each as it is done. */
export async function takeRounds(
  load: Child,
  operations: readonly string[],
  conditions: Conditions,
  plan: Plan,
  tell: (line: string) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const operation of operations) {
    // Every process compiles what it runs most before anything counts.
    for (const condition of conditions) await measureUnder(load, condition, operation, COMPILE_MS);
    for (let round = 1; round <= plan.rounds; round++) {
      for (const condition of round % 2 === 1 ? conditions : conditions.toReversed()) {
        const measured = await measureUnder(load, condition, operation, WARM_UP_MS, plan.durationMs);
        samples.push({ operation, condition: condition.name, round, ...measured });
        tell(`${operation} ${round}/${plan.rounds}  ${condition.name}: ${toText(measured)}`);
      }
    }
  }
  return samples;
}

function toText({ requestsPerSecond, cpuUs, p99Ms }: Figures): string {
  return `${requestsPerSecond.toFixed(0)}/s, CPU ${cpuUs.toFixed(0)} µs each, p99 ${p99Ms.toFixed(1)} ms`;
}

/** The load, after one that warms up what the preparation has made the server plan anew. */
async function measureUnder(
  child: Child,
  { name, server, asks, prepare }: Condition,
  operation: string,
  warmUpMs: number,
  durationMs = warmUpMs,
): Promise<Figures> {
  await prepare?.();
  const order = { url: server.url, asks: asks(operation), connections: CONNECTIONS };
  const load = async (ms: number) => {
    const answer = await child.ask<LoadAnswer>({ ...order, durationMs: ms } satisfies LoadOrder);
    if (answer.failure !== null) throw new Error(`${operation}, ${name}: answered ${answer.failure}`);
    return answer;
  };
  await load(warmUpMs);
  const before = await server.readCpuMs();
  const { requests, requestsPerSecond, p50Ms, p99Ms } = await load(durationMs);
  const cpuUs = (((await server.readCpuMs()) - before) / requests) * 1000;
  return { requestsPerSecond, cpuUs, p50Ms, p99Ms };
}

/** Who compares products has them do the same work: every caller gets the same rows under every condition, and gets some. */
export async function assertSameAnswers(operations: readonly string[], conditions: Conditions): Promise<void> {
  for (const operation of operations) {
    const answers: string[][] = [];
    for (const { server, asks, prepare } of conditions) {
      await prepare?.();
      answers.push(await askAsEach(server.url, asks(operation)));
    }
    const [measured = [], ...others] = answers;
    const isSame = others.every((bodies) => bodies.every((body, caller) => body === measured[caller]));
    if (!isSame || !measured.every((body) => body.includes('"slug"'))) {
      throw new Error(`${operation}: the conditions do not answer the same, so they cannot be compared.`);
    }
  }
}

/** Every answer, one after another. */
export async function askAsEach(url: string, asks: readonly Ask[]): Promise<string[]> {
  const connection = await HttpConnection.open(url);
  const bodies: string[] = [];
  for (const { token, query } of asks) bodies.push((await connection.send(toRequest(url, token, query))).body);
  connection.close();
  return bodies;
}
