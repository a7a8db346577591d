import { HttpConnection, toRequest } from '../support/http-connection.ts';
import type { LoadAnswer, LoadOrder } from '../support/load.ts';
import { setPolicies } from './set-policies.ts';
import type { Stage } from './stage.ts';

const OPERATIONS = {
  viewer: '{ viewer { sub tenantId groups profile { email } tenant { slug } } }',
  members:
    '{ members(first: 20) { nodes { id role user { email displayName } tenant { slug } } pageInfo { endCursor hasNextPage } } }',
} as const;

export type Operation = keyof typeof OPERATIONS;
export type Condition = 'on' | 'policies off' | 'no scope';
export type Sample = Omit<LoadAnswer, 'failure'> & {
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
        const { requestsPerSecond, p99Ms } = measured;
        const figures = `${requestsPerSecond.toFixed(0)}/s, p99 ${p99Ms.toFixed(1)} ms`;
        tell(`${operation} ${round}/${plan.rounds}  ${condition}: ${figures}`);
      }
    }
  }
  await setPolicies(stage.ownerUrl, true);
  return samples;
}

/** The load, after one that warms up what the switch of policies has made the server plan anew. */
async function measureUnder(
  stage: Stage,
  operation: Operation,
  condition: Condition,
  warmUpMs: number,
  durationMs = warmUpMs,
): Promise<Omit<LoadAnswer, 'failure'>> {
  await setPolicies(stage.ownerUrl, condition === 'on');
  await measure(stage, operation, condition, warmUpMs);
  return measure(stage, operation, condition, durationMs);
}

async function measure(stage: Stage, operation: Operation, condition: Condition, durationMs: number) {
  const order: LoadOrder = {
    url: toUrl(stage, condition),
    tokens: stage.tokens,
    query: OPERATIONS[operation],
    connections: CONNECTIONS,
    durationMs,
  };
  const { failure, ...measured } = await stage.load.ask<LoadAnswer>(order);
  if (failure !== null) throw new Error(`${operation}, ${condition}: answered ${failure}`);
  return measured;
}

function toUrl({ scopedUrl, plainUrl }: Stage, condition: Condition): string {
  return condition === 'no scope' ? plainUrl : scopedUrl;
}

/** What is compared must do the same work: every caller gets the same rows under every condition, and gets some. */
async function assertSameAnswers(stage: Stage, operation: Operation): Promise<void> {
  const [asIs = [], ...others] = await CONDITIONS.reduce<Promise<string[][]>>(async (before, condition) => {
    const answers = await before;
    await setPolicies(stage.ownerUrl, condition === 'on');
    return [...answers, await askAsEach(toUrl(stage, condition), stage.tokens, OPERATIONS[operation])];
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
