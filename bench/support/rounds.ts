import { HttpConnection, toRequest } from './http-connection.ts';
import type { LoadAnswer, LoadOrder } from './load.ts';
import type { Server, Stage } from './stage.ts';

const OPERATIONS = {
  viewer: '{ viewer { sub tenantId groups profile { email } tenant { slug } } }',
  members:
    '{ members(first: 20) { nodes { id role user { email displayName } tenant { slug } } pageInfo { endCursor hasNextPage } } }',
} as const;

/** What is compared: a product, and what must be so before it is asked. */
export type Condition = { readonly name: string; readonly server: Server; readonly prepare?: () => Promise<void> };
/** The product as it is, and what it is compared with. */
export type Conditions = readonly [asIs: Condition, ...others: Condition[]];

export type Operation = keyof typeof OPERATIONS;
export type Figures = Omit<LoadAnswer, 'failure' | 'requests'> & {
  /** Microseconds of computing for a request, in Node and in PostgreSQL together: hardly moved by what else runs. */
  readonly cpuUs: number;
};
export type Sample = Figures & {
  readonly operation: Operation;
  readonly condition: string;
  readonly round: number;
};
export type Plan = { readonly rounds: number; readonly durationMs: number };

const CONNECTIONS = 16;
const WARM_UP_MS = 1_000;
const COMPILE_MS = 3_000;

/** Measures both operations under every condition in turn, and tells of each as it is done. */
export async function takeRounds(
  stage: Stage,
  conditions: Conditions,
  plan: Plan,
  tell: (line: string) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const operation of ['viewer', 'members'] as const) {
    await assertSameAnswers(stage, conditions, operation);
    // Every process compiles what it runs most before anything counts.
    for (const condition of conditions) await measureUnder(stage, condition, operation, COMPILE_MS);
    for (let round = 1; round <= plan.rounds; round++) {
      for (const condition of round % 2 === 1 ? conditions : conditions.toReversed()) {
        const measured = await measureUnder(stage, condition, operation, WARM_UP_MS, plan.durationMs);
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
  stage: Stage,
  { name, server, prepare }: Condition,
  operation: Operation,
  warmUpMs: number,
  durationMs = warmUpMs,
): Promise<Figures> {
  await prepare?.();
  const order = { url: server.url, tokens: stage.tokens, query: OPERATIONS[operation], connections: CONNECTIONS };
  const load = async (ms: number) => {
    const answer = await stage.load.ask<LoadAnswer>({ ...order, durationMs: ms } satisfies LoadOrder);
    if (answer.failure !== null) throw new Error(`${operation}, ${name}: answered ${answer.failure}`);
    return answer;
  };
  await load(warmUpMs);
  const before = await server.readCpuMs();
  const { requests, requestsPerSecond, p50Ms, p99Ms } = await load(durationMs);
  const cpuUs = (((await server.readCpuMs()) - before) / requests) * 1000;
  return { requestsPerSecond, cpuUs, p50Ms, p99Ms };
}

/** What is compared must do the same work: every caller gets the same rows under every condition, and gets some. */
async function assertSameAnswers({ tokens }: Stage, conditions: Conditions, operation: Operation): Promise<void> {
  const answers: string[][] = [];
  for (const { server, prepare } of conditions) {
    await prepare?.();
    answers.push(await askAsEach(server.url, tokens, OPERATIONS[operation]));
  }
  const [asIs = [], ...others] = answers;
  const isSame = others.every((bodies) => bodies.every((body, caller) => body === asIs[caller]));
  if (!isSame || !asIs.every((body) => body.includes('"slug"'))) {
    throw new Error(`${operation}: the conditions do not answer the same, so they cannot be compared.`);
  }
}

async function askAsEach(url: string, tokens: readonly string[], query: string): Promise<string[]> {
  const connection = await HttpConnection.open(url);
  const bodies: string[] = [];
  for (const token of tokens) bodies.push((await connection.send(toRequest(url, token, query))).body);
  connection.close();
  return bodies;
}
