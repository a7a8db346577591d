import { request } from 'node:http';

/** A list sends the header once for each value, which `fetch` cannot. */
type Headers = Readonly<Record<string, string | readonly string[]>>;

export type RawRequest = {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Headers;
  readonly body?: string;
};

export type RawAnswer = {
  readonly status: number;
  /** Name and value as sent and in order, without those that differ from answer to answer. */
  readonly headers: readonly string[];
  readonly text: string;
};

// The last two are of the connection, not of the answer (RFC 9110 §7.6.1): it ends after a body that cannot be read.
const VARYING = new Set(['date', 'x-request-id', 'connection', 'keep-alive']);

/** One request to the byte, and everything that came back. */
export function sendRaw(url: string, { path = '/graphql', method = 'POST', headers = {}, body }: RawRequest) {
  return new Promise<RawAnswer>((resolve, reject) => {
    const outgoing = request(new URL(path, url), { method }, async (incoming) => {
      const chunks = await incoming.setEncoding('utf8').toArray();
      resolve({ status: incoming.statusCode ?? 0, headers: toLines(incoming.rawHeaders), text: chunks.join('') });
    });
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    outgoing.on('error', reject).end(body);
  });
}

function toLines(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.flatMap((name, index) => {
    if (index % 2 === 1 || VARYING.has(name.toLowerCase())) return [];
    return [`${name.toLowerCase()}: ${rawHeaders[index + 1]}`];
  });
}

/** A request as a GraphQL client sends it. */
export function toGraphQL(query: string, headers: Headers = {}): RawRequest {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) };
}
