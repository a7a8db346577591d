import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

// A load that leaves the machine time to start the nodes it asks.
const PAUSE_MS = 10;

export type Load = {
  /** Lets the requests under way end, and tells how many came to which end: `200`, `503`, or another status and what it said. */
  stop(): Promise<ReadonlyMap<string, number>>;
};

export type LoadOptions = { readonly url: string; readonly token: string; readonly queries: readonly string[] };

/** Asks again and again over kept connections, one for each of the queries, until it is stopped. */
export function startLoad({ url, token, queries }: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true });
  const ends = new Map<string, number>();
  let isOver = false;
  const loops = queries.map(async (query) => {
    while (!isOver) {
      const end = await post(agent, `${url}/graphql`, token, query);
      ends.set(end, (ends.get(end) ?? 0) + 1);
      await sleep(PAUSE_MS);
    }
  });
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(loops);
      agent.destroy();
      return ends;
    },
  };
}

function post(agent: Agent, url: string, token: string, query: string): Promise<string> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const fail = (error: Error) => resolve(error.message);
    const outgoing = request(url, { agent, method: 'POST', headers }, (answer) => {
      answer.on('error', fail);
      text(answer).then((body) => resolve(toEnd(answer.statusCode, body)), fail);
    });
    outgoing.on('error', fail);
    outgoing.end(JSON.stringify({ query }));
  });
}

function toEnd(status: number | undefined, body: string): string {
  return status === 200 || status === 503 ? String(status) : `${status} ${body}`;
}

/** Requests that came to no answer. On a busy machine a node may shed some, which is one. */
export function toDropped(answers: ReadonlyMap<string, number>): readonly string[] {
  return [...answers.keys()].filter((end) => end !== '200' && end !== '503');
}
