import { HttpConnection, toRequest } from '../support/http-connection.ts';
import type { LoadAnswer, LoadOrder } from '../support/load.ts';
import { setPolicies } from './set-policies.ts';
import type { Server, Stage } from './stage.ts';

const OPERATIONS = {
  viewer: '{ viewer { sub tenantId groups profile { email } tenant { slug } } }',
  members:
    '{ members(first: 20) { nodes { id role user { email displayName } tenant { slug } } pageInfo { endCursor hasNextPage } } }',
} as const;

export type Operation = keyof typeof OPERATIONS;
export type Condition = 'on' | 'policies off' | 'no scope';
export type Figures = Omit<LoadAnswer, 'failure' | 'requests'> & {
  /** Microseconds of computing for a request, in Node and in PostgreSQL together: hardly moved by what else runs. */
  readonly cpuUs: number;
};
export type Sample = Figures & {
  readonly operation: Operation;
  readonly condition: Condition;
  readonly round: number;
};
export type Plan = { readonly rounds: number; readonly durationMs: number };

export const CONDITIONS: readonly Condition[] = ['on', 'policies off', 'no scope'];

const CONNECTIONS = 16;
const WARM_UP_MS = 1_000;
const COMPILE_MS = 3_000;

/** Measures both operations under every condition in turn, and tells of each as it is done. Policies are on afterwards. */
export async function takeRounds(stage: Stage, plan: Plan, tell: (line: string) => void): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const operation of ['viewer', 'members'] as const) {
    await assertSameAnswers(stage, operation);
    // Both processes compile what they run most before anything counts.
    for (const condition of CONDITIONS) await measureUnder(stage, operation, condition, COMPILE_MS);
    for (let round = 1; round <= plan.rounds; round++) {
      for (const condition of round % 2 === 1 ? CONDITIONS : CONDITIONS.toReversed()) {
        const measured = await measureUnder(stage, operation, condition, WARM_UP_MS, plan.durationMs);
        samples.push({ operation, condition, round, ...measured });
        tell(`${operation} ${round}/${plan.rounds}  ${condition}: ${toText(measured)}`);
      }
    }
  }
  await setPolicies(stage.ownerUrl, true);
  return samples;
}

function toText({ requestsPerSecond, cpuUs, p99Ms }: Figures): string {
  return `${requestsPerSecond.toFixed(0)}/s, CPU ${cpuUs.toFixed(0)} µs each, p99 ${p99Ms.toFixed(1)} ms`;
}

/** The load, after one that warms up what the switch of policies has made the server plan anew. */
async function measureUnder(
  stage: Stage,
  operation: Operation,
  condition: Condition,
  warmUpMs: number,
  durationMs = warmUpMs,
): Promise<Figures> {
  await setPolicies(stage.ownerUrl, condition === 'on');
  const { url, readCpuMs } = toServer(stage, condition);
  const order = { url, tokens: stage.tokens, query: OPERATIONS[operation], connections: CONNECTIONS };
  const load = async (ms: number) => {
    const answer = await stage.load.ask<LoadAnswer>({ ...order, durationMs: ms } satisfies LoadOrder);
    if (answer.failure !== null) throw new Error(`${operation}, ${condition}: answered ${answer.failure}`);
    return answer;
  };
  await load(warmUpMs);
  const before = await readCpuMs();
  const { requests, requestsPerSecond, p50Ms, p99Ms } = await load(durationMs);
  const cpuUs = (((await readCpuMs()) - before) / requests) * 1000;
  return { requestsPerSecond, cpuUs, p50Ms, p99Ms };
}

function toServer({ scoped, plain }: Stage, condition: Condition): Server {
  return condition === 'no scope' ? plain : scoped;
}

/** What is compared must do the same work: every caller gets the same rows under every condition, and gets some. */
async function assertSameAnswers(stage: Stage, operation: Operation): Promise<void> {
  const [asIs = [], ...others] = await CONDITIONS.reduce<Promise<string[][]>>(async (before, condition) => {
    const answers = await before;
    await setPolicies(stage.ownerUrl, condition === 'on');
    return [...answers, await askAsEach(toServer(stage, condition).url, stage.tokens, OPERATIONS[operation])];
  }, Promise.resolve([]));
  const isSame = others.every((answers) => answers.every((body, caller) => body === asIs[caller]));
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
