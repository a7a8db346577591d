/** The callers, in a process of their own: so many connections, each asking again as soon as it is answered. */
import { answerParent } from './child.ts';
import { HttpConnection, toRequest } from './http-connection.ts';

/** Who asks what. */
export type Ask = { readonly token: string; readonly query: string };

export type LoadOrder = {
  readonly url: string;
  readonly asks: readonly Ask[];
  readonly connections: number;
  readonly durationMs: number;
};

export type LoadAnswer = {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The first answer that was no success; null when every one was. */
  readonly failure: string | null;
};

answerParent<LoadOrder>(async ({ url, asks, connections, durationMs }) => {
  const requests = asks.map(({ token, query }) => toRequest(url, token, query));
  const latencies: number[] = [];
  let failure: string | null = null;
  const begun = performance.now();
  const deadline = begun + durationMs;

  const call = async (first: number) => {
    const connection = await HttpConnection.open(url);
    try {
      for (let next = first; performance.now() < deadline && failure === null; next += connections) {
        const sent = performance.now();
        const { status, body } = await connection.send(requests[next % requests.length] ?? Buffer.alloc(0));
        latencies.push(performance.now() - sent);
        if (status !== 200 || body.includes('"errors"')) failure = `${status} ${body}`;
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, index) => call(index)));

  const seconds = (performance.now() - begun) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  const requestsPerSecond = latencies.length / seconds;
  return {
    requests: latencies.length,
    requestsPerSecond,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    failure,
  } satisfies LoadAnswer;
});
