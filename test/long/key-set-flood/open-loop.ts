/** Callers in a process of their own, who send at a steady rate whether they are answered or not. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from '../../../bench/support/child.ts';
import { HttpConnection, toRequest } from '../../../bench/support/http-connection.ts';

export type FloodOrder = {
  readonly url: string;
  readonly perSecond: number;
  readonly durationMs: number;
  /** Good tokens, in turn; or the end of a token that is sent behind a header of this algorithm and a random key id. */
  readonly tokens: readonly string[] | { readonly alg: string; readonly rest: string };
};

export type FloodAnswer = {
  /** Answers by status; `broken` for none. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly latenciesMs: readonly number[];
};

const TICK_MS = 5;
const QUERY = '{ viewer { sub } }';

answerParent<FloodOrder>(async ({ url, perSecond, durationMs, tokens }) => {
  const idle: HttpConnection[] = [];
  const opened: HttpConnection[] = [];
  const statuses: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const open = async () => {
    const connection = await HttpConnection.open(url);
    opened.push(connection);
    return connection;
  };
  const send = async (token: string) => {
    const request = toRequest(url, token, QUERY);
    const begun = performance.now();
    const connection = idle.pop() ?? (await open());
    const { status } = await connection.send(request);
    latenciesMs.push(performance.now() - begun);
    statuses[status] = (statuses[status] ?? 0) + 1;
    idle.push(connection);
  };
  const noteBroken = () => {
    statuses['broken'] = (statuses['broken'] ?? 0) + 1;
  };

  const begun = performance.now();
  const underWay: Promise<void>[] = [];
  const total = Math.round((perSecond * durationMs) / 1000);
  while (underWay.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - begun) * perSecond) / 1000));
    while (underWay.length < due) underWay.push(send(toToken(tokens, underWay.length)).catch(noteBroken));
    await sleep(TICK_MS);
  }
  await Promise.all(underWay);
  for (const connection of opened) connection.close();
  return { statuses, latenciesMs } satisfies FloodAnswer;
});

function toToken(tokens: FloodOrder['tokens'], turn: number): string {
  if (!('alg' in tokens)) return tokens[turn % tokens.length] ?? '';
  const header = JSON.stringify({ kid: randomBytes(32).toString('base64'), alg: tokens.alg });
  return `${Buffer.from(header).toString('base64url')}.${tokens.rest}`;
}
