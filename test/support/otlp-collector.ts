import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Attribute = {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
};

type SentSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
};

export type CollectedSpan = Omit<SentSpan, 'attributes' | 'status'> & {
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly isFailed: boolean;
};

export type OtlpCollector = AsyncDisposable & {
  readonly url: string;
  /** Bodies as they came. */
  readonly bodies: readonly string[];
  /** Every span so far, in the order they ended. */
  spans(): readonly CollectedSpan[];
};

type Body = {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[] }[];
};

const ERROR = 2;

/** Takes spans as OTLP over HTTP in JSON, at `/v1/traces`, and keeps them. */
export async function startOtlpCollector(): Promise<OtlpCollector> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.setEncoding('utf8').toArray();
    if (request.url === '/v1/traces') bodies.push(chunks.join(''));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () => bodies.flatMap(toSpans),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function toSpans(text: string): readonly CollectedSpan[] {
  const body: Body = JSON.parse(text);
  const sent = body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  return sent.map(({ attributes, status, ...span }) => ({
    ...span,
    isFailed: status.code === ERROR,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue])),
  }));
}
